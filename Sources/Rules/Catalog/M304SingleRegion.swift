import Diagnostics
import Topology

extension Rule {
  static let singleRegion = Rule(
    304, "single-region", .warning,
    summary: "there is one region controller, so the API has no high availability",
    why: """
      The region serves the API, the UI, DNS and the images, and is the only client of the database. With one region its host is a single \
      point of failure for all of them; racks go on serving DHCP, but nothing can be commissioned or deployed (MAAS manual, "Manage high \
      availability").
      """,
    examples: [
      .bad(
        "one region", as: .warning,
        """
        regions:
          ⟦infra-1⟧: {num_workers: 4}
        """),
      .bad(
        "one region behind a load balancer", as: .warning,
        """
        regions:
          ⟦infra-2⟧: {}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
      .good(
        "two regions",
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
        """),
      .good("three regions", "name: prague"),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.regions), context.topology.regions.count == 1, let region = context.topology.regions.first else { return }
      report.report(
        "\(context.name(region.host.value)) is the only region: without it there is no API, no UI and no deployment", at: region.host.span,
        label: "1 region", help: "add a second region on a host of another zone")
    })
}
