/// What a load balancer in front of the regions must grant.
package enum FrontEnd {
  /// Seconds for which MAAS' own nginx waits for an upload or a silent web socket (MAAS source, regiond.nginx.conf.template).
  package static let shortestTimeout = 900
  /// LP 1718016: 90 s cut image uploads.
  package static let source = "MAAS source, src/maasserver/templates/http/regiond.nginx.conf.template"
}
