import Diagnostics
import Formats
import MAASFacts
import Topology

/// TLS of MAAS' own, last: from then on plain HTTP serves only machines and racks, and every client must trust the certificate.
package enum TLSRole {
  package static func plan(_ builder: inout PlanBuilder) {
    guard let tls = builder.topology.maas.tls, let region = builder.topology.regions.first else { return }
    guard builder.topology.level(of: .maas, on: region.host.value) == .full else { return }
    var step = enable(tls, region, &builder)
    step.after = builder.after(.vault)
    builder.add(step, reaching: .tls)
  }

  /// The key goes through standard input. The certificate is read from a folder that the confined snap may read; it is public.
  private static func enable(_ tls: TLS, _ region: Region, _ builder: inout PlanBuilder) -> Step {
    let host = MAASHost(builder.topology, region.host.value)
    let certificate = builder.need(tls.certificate.value, charset: .text)
    let key = builder.need(tls.key.value, charset: .text)
    let port = builder.topology.tlsPort().value
    let copy = host.kind == .snap ? "/var/snap/maas/common/maasc-certificate.pem" : "/run/maasc-certificate.pem"
    let served: Shell = "certificate_served \(port) \(certificate)"
    let apply: Shell = """
      install -m 644 /dev/null \(copy)
      trap 'rm -f \(copy)' EXIT
      secret \(certificate) >\(copy)
      said=$(secret \(key) | timeout 300 maas config-tls enable - \(copy) --port \(port) --yes 2>&1) ||
        fail "maas config-tls: $(tail -n 5 <<<"$said")"
      wait_until 300 \("MAAS does not serve the certificate on port \(port)") \(served)
      """
    return Step(
      host: builder[host.host], phase: .tls, name: "enable", title: "Turn on TLS with our certificate",
      why: "One certificate, stored in the database, for all regions at once.", check: served, apply: apply, verify: served,
      rollback: "maas config-tls disable", secrets: [certificate, key],
      caution: "Clients that use plain HTTP are sent to port \(port) from here on.", origin: tls.span)
  }
}
