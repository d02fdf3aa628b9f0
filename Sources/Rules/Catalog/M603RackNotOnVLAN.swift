import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let rackNotOnVLAN = Rule(
    603, "rack-not-on-vlan", .error,
    summary: "a rack that is to serve DHCP has no static address on the VLAN",
    why: """
      MAAS offers a rack for a VLAN only where it has an interface there (MAAS source, src/maasserver/forms/vlan.py), and takes the peer \
      addresses of the pair from static addresses of one family on it (src/maasserver/dhcp.py); without one it writes no failover peer, or no \
      configuration at all.
      """,
    examples: [
      .bad(
        "a secondary rack that is elsewhere", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {bmc: 10.40.0.3}}
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
              dhcp: {primary_rack: rack-a1, secondary_rack: ⟦rack-a2⟧}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "no address of the family of the range", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                "2001:db8:30::/64":
                  ranges: [{type: dynamic, start: "2001:db8:30::1000", end: "2001:db8:30::2000"}]
              dhcp: {primary_rack: ⟦rack-a1⟧, secondary_rack: ⟦rack-a2⟧}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "both on the VLAN",
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
        """),
      .good(
        "by the long form",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, interfaces: {eth1: {vlan: provisioning, addresses: [10.30.0.3/24]}, eth2: {vlan: bmc, addresses: [10.40.0.3/24]}}}
        """),
    ],
    check: .eachVLAN { vlan, context, report in
      guard context.topology.holdsAll(.fabrics), context.topology.isSound(vlan.span) else { return }
      // A VLAN that is relayed has no racks on it: its pair is the mistake there (M607).
      guard vlan.relay == nil, case .pair(_, let primary, let secondary) = vlan.dhcp else { return }
      reportAbsence(of: primary, from: vlan, context, &report)
      if let secondary, secondary.value != primary.value { reportAbsence(of: secondary, from: vlan, context, &report) }
    })
}

private func reportAbsence(of rack: Located<RackID>, from vlan: VLAN, _ context: RuleContext, _ report: inout Reporter) {
  let host = context.topology[rack.value].host.value
  let families = context.index.families(of: host, on: vlan.id)
  guard let missing = vlan.servedFamilies.first(missingFrom: families) ?? (families.isEmpty ? .v4 : nil) else { return }
  guard context.topology.isSound(context.topology[host].span) else { return }
  report.report(
    "\(context.name(host)) has no static \(missing == .v4 ? "IPv4" : "IPv6") address on \(vlan.name.value)", at: rack.span,
    secondary: [Label(context.topology[host].name.span, "declared here")],
    help: "add the address under hosts.\(context.name(host)).addresses, or name a rack that is on the VLAN")
}

extension VLAN {
  /// Families of the dynamic ranges; where there are none, of the subnets.
  fileprivate var servedFamilies: IPAddress.Families {
    var all = IPAddress.Families()
    var dynamic = IPAddress.Families()
    for subnet in subnets {
      all.insert(subnet.network.value.family)
      if subnet.ranges.contains(where: \.isDynamic) { dynamic.insert(subnet.network.value.family) }
    }
    return dynamic.isEmpty ? all : dynamic
  }
}
