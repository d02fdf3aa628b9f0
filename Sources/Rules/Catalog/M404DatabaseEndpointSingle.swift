import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let databaseEndpointSingle = Rule(
    404, "database-endpoint-single", .error,
    summary: "the database endpoint is not one host that all of MAAS' programs can dial",
    why: """
      Only Django and psycopg2 understand a list of hosts; the API server, Temporal's worker and the migrations take it for one host name and fail \
      (MAAS source, src/maasserver/djangosettings/settings.py and src/maasservicelayer/db). Temporal's configuration joins host and port without \
      brackets, so a bare IPv6 address cannot be dialled since 3.5 (MAAS source, production.yaml.template). Use a virtual address or HAProxy.
      """,
    examples: [
      .bad(
        "a list of hosts", as: .error,
        """
        postgresql:
          version: 16
          mode: external
          external: {host: ⟦"pg-1,pg-2"⟧}
          database: {password: database}
        """),
      .bad(
        "a bare IPv6 address with Temporal", as: .error,
        """
        postgresql:
          version: 16
          mode: external
          external: {host: ⟦"2001:db8::21"⟧}
          database: {password: database}
        """),
      .good(
        "3.4 has no Temporal",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: "2001:db8::21"}
          database: {password: database}
        """),
      .good(
        "a name that leads to IPv6",
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good("a virtual address", "name: prague"),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard topology.holdsAll(.balancer) else { return }
      let endpoint = topology.databaseEndpoint()
      guard let place = endpoint.span ?? topology.endpointPlace(endpoint.value.kind) else { return }
      switch endpoint.value.host {
      case .several(let hosts):
        report.report(
          "the database endpoint is \(hosts.count) hosts, MAAS takes one", at: place,
          help: "name the address of a load balancer or a virtual address that follows the primary")
      case .address(let address) where address.family == .v6 && Temporal.lifespan.contains(topology.servedVersion):
        report.report(
          "the database endpoint is the IPv6 address \(address), which Temporal cannot dial", at: place,
          secondary: [Label(topology.maas.version.span, "MAAS \(topology.servedVersion.line) has Temporal")],
          notes: ["Temporal's configuration would read \(address):\(endpoint.value.port), without brackets"],
          help: "use a name that leads to it, or an IPv4 address")
      default: return
      }
    })
}

extension Topology {
  /// The value that made a derived endpoint.
  fileprivate func endpointPlace(_ kind: DatabaseEndpoint.Kind) -> Span? {
    switch kind {
    case .virtualAddress: serviceAddress?.address.span
    case .haproxyHost(let host), .primary(let host): self[host].address.span
    case .external: nil
    }
  }
}
