import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let rangeTooSmall = Rule(
    611, "range-too-small", .warning,
    summary: "there are fewer addresses than machines, or none outside of the ranges",
    why: """
      Every machine that boots takes a lease from the dynamic range, and a deployed one an address outside of it (MAAS source, \
      src/maasserver/models/iprange.py; MAAS manual, "IP ranges"). When either runs out, commissioning or deployment fails for the machines that \
      come last.
      """,
    examples: [
      .bad(
        "80 machines, 79 leases", as: .warning,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: ⟦80⟧
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.178}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "nothing is left", as: .warning,
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
                    - {type: dynamic, start: ⟦10.30.0.4⟧, end: 10.30.0.254}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "80 machines, 80 leases",
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
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.179}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "one address is left",
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
                    - {type: dynamic, start: 10.30.0.5, end: 10.30.0.254}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    check: .eachVLAN { vlan, context, report in
      guard context.topology.isSound(vlan.span) else { return }
      reportLeases(vlan, &report)
      for subnet in vlan.subnets { reportRoom(subnet, vlan, context, &report) }
    })
}

extension DHCP {
  fileprivate var isPair: Bool {
    if case .pair = self { true } else { false }
  }
}

extension VLAN {
  /// Saturating.
  fileprivate func leases(of family: IPAddress.Family) -> UInt128 {
    var leases: UInt128 = 0
    for subnet in subnets where subnet.network.value.family == family {
      for range in subnet.ranges where range.isDynamic { leases = max(leases, leases &+ range.range.count) }
    }
    return leases
  }
}

extension Subnet {
  /// What is wrong with a range by itself is M605's, and its leases cannot be counted.
  fileprivate var holdsItsRanges: Bool {
    ranges.allSatisfy { network.value.contains($0.start.value) && network.value.contains($0.end.value) && $0.start.value <= $0.end.value }
  }
}

private func reportLeases(_ vlan: VLAN, _ report: inout Reporter) {
  guard let machines = vlan.machines, vlan.dhcp.isPair || vlan.relay != nil, vlan.subnets.allSatisfy(\.holdsItsRanges) else { return }
  // The largest address space counts: a machine needs a lease of one family.
  let leases = max(vlan.leases(of: .v4), vlan.leases(of: .v6))
  guard leases < UInt128(machines.value), vlan.hasDynamicRange else { return }
  let ranges = vlan.subnets.flatMap(\.ranges).filter(\.isDynamic)
  report.report(
    "\(vlan.name.value) has \(machines.value.counted("machine")) and \(Int(leases).counted("lease")) to give", at: machines.span,
    secondary: ranges.map { Label($0.start.span, "\($0.range.count) of them from here") }, help: "widen the dynamic range")
}

/// At least one address must be outside of all ranges, and nobody's.
private func reportRoom(_ subnet: Subnet, _ vlan: VLAN, _ context: RuleContext, _ report: inout Reporter) {
  let network = subnet.network.value
  guard network.family == .v4, let dynamic = subnet.ranges.first(where: \.isDynamic) else { return }
  guard subnet.holdsItsRanges else { return }
  // Almost every subnet has room to spare: one address at least is needed beyond ranges, hosts and gateway.
  let residents = context.index.residents[vlan.id.index]
  let most = subnet.ranges.reduce(UInt128(residents.count + 3)) { $0 &+ $1.range.count }
  guard most >= network.count else { return }
  let ranges = subnet.ranges.map(\.range)
  let owned = Set(residents.map(\.address).filter(network.contains) + (subnet.gateway.map { [$0.value] } ?? []))
  let outside = owned.count { address in !ranges.contains { $0.contains(address) } }
  let inRanges = ranges.reduce(UInt128(0)) { $0 + $1.count }
  let reserved = UInt128(network.isReserved(network.first) ? 2 : 0)
  guard inRanges + UInt128(outside) + reserved >= network.count else { return }
  report.report(
    "no address of \(network) is left for a deployed machine", at: dynamic.start.span,
    secondary: [Label(subnet.network.span, "\(network.count) addresses")],
    help: "make a range smaller")
}
