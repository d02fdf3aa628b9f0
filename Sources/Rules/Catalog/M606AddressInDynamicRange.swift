import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let addressInDynamicRange = Rule(
    606, "address-in-dynamic-range", .error,
    summary: "an address that is in use lies in a range that DHCP hands out",
    why: """
      MAAS keeps only addresses that it has allocated itself out of dhcpd's hands (MAAS source, src/maasserver/models/iprange.py). The address \
      of a host that it does not know, of a gateway or a DNS server goes to the next machine that boots. Virtual addresses are M506.
      """,
    examples: [
      .bad(
        "a rack", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: ⟦10.30.0.150⟧, bmc: 10.40.0.3}}
        """),
      .bad(
        "the gateway", as: .warning,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: ⟦10.30.0.100⟧
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "a DNS server", as: .warning,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  dns_servers: [10.20.0.10, ⟦10.30.0.200⟧]
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "just outside",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.99, bmc: 10.40.0.3}}
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.201
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "inside a reserved range",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.5, bmc: 10.40.0.3}}
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
                    - {type: reserved, start: 10.30.0.2, end: 10.30.0.9}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    check: .several([
      .eachHost { host, context, report in
        var seen: [IPAddress] = []
        host.forEachLocatedAddress { address in
          guard let range = context.dynamicRanges.range(holding: address.value), !seen.contains(address.value) else { return }
          seen.append(address.value)
          report.report(
            "DHCP may hand \(address.value) of \(host.name.value) to a machine", at: address.span,
            secondary: [Label(range.start.span, "the range begins here")],
            help: "move the host out of \(range.range), or shorten the range")
        }
      },
      .eachVLAN { vlan, context, report in
        for subnet in vlan.subnets {
          if let gateway = subnet.gateway { reportService(gateway, "the gateway", context.dynamicRanges, &report) }
          for server in subnet.dnsServers { reportService(server, "the DNS server", context.dynamicRanges, &report) }
        }
      },
    ]))
}

private func reportService(_ address: Located<IPAddress>, _ what: String, _ dynamic: DynamicRanges, _ report: inout Reporter) {
  guard let range = dynamic.range(holding: address.value) else { return }
  report.report(
    "DHCP may hand \(address.value), \(what), to a machine", at: address.span, as: .warning,
    secondary: [Label(range.start.span, "the range begins here")], help: "shorten the range \(range.range)")
}
