import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let ipv6DHCPNoFailover = Rule(
    610, "ipv6-dhcp-no-failover", .warning,
    summary: "two racks are to serve a dynamic IPv6 range, for which dhcpd has no failover",
    why: """
      MAAS' dhcpd6 is ISC dhcpd, whose failover protocol is for IPv4 alone: the template writes no peer for IPv6 (MAAS source, \
      src/maasserver/templates/dhcp/dhcpd6.conf.template). Both racks then answer on their own, and a lease is known to one of them.
      """,
    examples: [
      .bad(
        "a pair and a range of IPv6", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: [10.30.0.2, "2001:db8:30::2"], bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: [10.30.0.3, "2001:db8:30::3"], bmc: 10.40.0.3}}
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
                "2001:db8:30::/64":
                  ranges: [{type: dynamic, start: ⟦"2001:db8:30::1000"⟧, end: "2001:db8:30::2000"}]
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "by relay", as: .warning,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                "2001:db8:50::/64":
                  ranges: [{type: dynamic, start: ⟦"2001:db8:50::1000"⟧, end: "2001:db8:50::2000"}]
              relay: {to: provisioning}
        """),
      .good(
        "one rack",
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
                "2001:db8:30::/64":
                  ranges: [{type: dynamic, start: "2001:db8:30::1000", end: "2001:db8:30::2000"}]
              dhcp: {primary_rack: rack-a1}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: [10.30.0.2, "2001:db8:30::2"], bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "a reserved range of IPv6",
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
                "2001:db8:30::/64":
                  ranges: [{type: reserved, start: "2001:db8:30::1000", end: "2001:db8:30::2000"}]
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    check: .eachVLAN { vlan, context, report in
      guard let range = vlan.dynamicIPv6Range else { return }
      let server = context.topology[vlan.servingVLAN]
      guard case .pair(_, let primary, let secondary?) = server.dhcp, primary.value != secondary.value else { return }
      report.report(
        "the leases of this IPv6 range are not shared by the two racks of \(server.name.value)", at: range.start.span,
        secondary: [Label(secondary.span, "has no part in it")],
        help: "let machines take their IPv6 addresses from MAAS (static), or accept the loss of one rack")
    })
}

extension VLAN {
  fileprivate var dynamicIPv6Range: SubnetRange? {
    for subnet in subnets where subnet.network.value.family == .v6 {
      if let range = subnet.ranges.first(where: \.isDynamic) { return range }
    }
    return nil
  }
}
