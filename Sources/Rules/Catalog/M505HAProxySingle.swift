import Diagnostics
import Topology

extension Rule {
  static let haproxySingle = Rule(
    505, "haproxy-single", .warning,
    summary: "there is one load balancer, or several without a virtual address",
    why: """
      Everything goes through the load balancer: clients, the agents of the racks and, in front of PostgreSQL, every region. One alone is a \
      single point of failure; a second one that no virtual address can move to is never reached when the first is lost (MAAS manual, "Manage \
      high availability").
      """,
    examples: [
      .bad(
        "one load balancer", as: .warning,
        """
        haproxy:
          hosts: [⟦infra-1⟧]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
      .bad(
        "two, and no virtual address", as: .warning,
        """
        haproxy:
          hosts: [⟦infra-1⟧, infra-2]
        """),
      .good(
        "two with a virtual address",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
      .good(
        "somebody else's load balancer",
        """
        haproxy: ~absent
        load_balancer: {external: {host: maas.prg.example.net, ports: [80, 5242, 5271], serves_dns: true}}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.balancer), let haproxy = context.topology.haproxy, let first = haproxy.hosts.first else { return }
      if haproxy.hosts.count == 1 {
        report.report(
          "\(context.name(first.value)) is the only load balancer: with it the API, the agents and the database endpoint are lost", at: first.span,
          help: "add a second host, of another zone, and a virtual address")
      } else if haproxy.vips.isEmpty {
        report.report(
          "nothing leads to another load balancer when \(context.name(first.value)) is lost", at: first.span,
          secondary: context.labels(haproxy.hosts.dropFirst(), "without a virtual address nobody comes here"),
          help: "add haproxy.vips with an address that keepalived moves between these hosts")
      }
    })
}
