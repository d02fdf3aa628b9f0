import Diagnostics
import Topology

extension Rule {
  static let noStickiness = Rule(
    509, "no-stickiness", .warning,
    summary: "the balance algorithm spreads one client over several regions",
    why: """
      A session of the UI is a web socket, and uploads come in pieces; both belong to the region that they began with. Canonical's charm \
      balances by source, with a consistent hash (canonical/maas-charms, maas-region/src/charm.py).
      """,
    examples: [
      .bad(
        "round robin", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          balance: ⟦roundrobin⟧
        """),
      .bad(
        "least connections", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          balance: ⟦leastconn⟧
        """),
      .good(
        "by source",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          balance: source
        """),
      .good(
        "one region",
        """
        regions:
          infra-1: {num_workers: 4}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          balance: roundrobin
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.regions), context.topology.regions.count > 1, let balance = context.topology.haproxy?.balance else { return }
      guard balance.value != .source, balance.value != .first else { return }
      report.report(
        "balance \(balance.value.rawValue) sends one client to several regions", at: balance.span, help: "set balance: source",
        fix: [TextEdit(balance.span, "source")])
    })
}
