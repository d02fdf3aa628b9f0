import Diagnostics
import Topology

extension Rule {
  static let singleRack = Rule(
    305, "single-rack", .warning,
    summary: "there is one rack controller, so DHCP, TFTP and power control have no high availability",
    why: """
      BMC requests are handled by whichever rack reaches the BMC, and DHCP needs a second rack for its failover peer. With one rack its host \
      is a single point of failure for booting and power (MAAS manual, "Manage high availability").
      """,
    examples: [
      .bad(
        "one rack", as: .warning,
        """
        racks:
          ⟦rack-a1⟧: {}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
        fabrics:
          fabric-1:
            provisioning: {vid: 100, subnets: {10.30.0.0/24: {}}}
            bmc: {vid: 110, bmcs: 80, subnets: {10.40.0.0/24: {}}}
        """),
      .bad(
        "one rack on a region host", as: .warning,
        """
        racks:
          ⟦infra-1⟧: {}
        fabrics: ~absent
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
        """),
      .good(
        "two racks",
        """
        racks:
          rack-a1: {}
          rack-a2: {}
        """),
      .good(
        "three racks",
        """
        racks:
          rack-a1: {}
          rack-a2: {}
          infra-3: {}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.racks), context.topology.racks.count == 1, let rack = context.topology.racks.first else { return }
      report.report(
        "\(context.name(rack.host.value)) is the only rack: without it nothing boots and no BMC is reached", at: rack.host.span, label: "1 rack",
        help: "add a second rack on the same VLANs, on a host of another zone")
    })
}
