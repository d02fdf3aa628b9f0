import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let sizing = Rule(
    804, "sizing", .hint,
    summary: "more machines for a subnet or a pair of racks than MAAS' documentation sizes for",
    why: """
      MAAS' documentation counts a thousand machines for one rack controller and one subnet (MAAS source, \
      docs/reference/installation-requirements.md); above it, DHCP, TFTP and power queries of many machines at once take turns.
      """,
    examples: [
      .bad(
        "a large VLAN", as: .hint,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: ⟦1001⟧
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
      .bad(
        "two VLANs of one pair", as: .hint,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 600
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: ⟦rack-a1⟧, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              machines: 401
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges:
                    - {type: dynamic, start: 10.50.0.100, end: 10.50.0.200}
              relay: {to: provisioning}
        """),
      .good(
        "a thousand",
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 1000
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
        "no machines declared",
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
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
    ],
    check: .several([
      .eachVLAN { vlan, _, report in
        guard let machines = vlan.mostMachines, machines.value > advised else { return }
        report.report(
          "\(machines.value) machines on \(vlan.name.value), MAAS' documentation sizes for \(advised)", at: machines.span,
          help: "split the VLAN, or measure how long a power query of all machines takes")
      },
      .topology { context, report in reportPairs(context, &report) },
    ]))
}

private let advised = NetworkLimits.machinesPerRackPair

extension VLAN {
  /// Machines and their BMCs are the same ones, so the larger number counts.
  fileprivate var mostMachines: Located<Int>? {
    guard let machines, let bmcs else { return machines ?? bmcs }
    return machines.value < bmcs.value ? bmcs : machines
  }
}

/// Pairs, by their primary rack, whose VLANs have too many machines only together.
private func reportPairs(_ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  var served = Array(repeating: (machines: 0, isJudged: false), count: topology.racks.count)
  for vlan in topology.vlans {
    guard let machines = vlan.mostMachines, let rack = topology.primaryRack(for: vlan)?.value.index else { continue }
    served[rack].machines += machines.value
    if machines.value > advised { served[rack].isJudged = true }
  }
  let isTooMuch = served.map { $0.machines > advised && !$0.isJudged }
  guard isTooMuch.contains(true) else { return }
  var places: [RackID: [(name: Span, rack: Span)]] = [:]
  for vlan in topology.vlans {
    guard vlan.mostMachines != nil, let rack = topology.primaryRack(for: vlan), isTooMuch[rack.value.index] else { continue }
    places[rack.value, default: []].append((vlan.name.span, rack.span))
  }
  for rack in topology.racks {
    guard let places = places[rack.id], let first = places.first else { continue }
    report.report(
      "\(context.name(rack.host.value)) serves \(served[rack.id.index].machines) machines, MAAS' documentation sizes for \(advised)",
      at: first.rack, secondary: places.map { Label($0.name, "some of them") }, help: "let other racks serve some of these VLANs")
  }
}

extension Topology {
  /// The rack that answers first on a VLAN, by its own pair or by relay.
  fileprivate func primaryRack(for vlan: VLAN) -> Located<RackID>? {
    guard case .pair(_, let primary, _) = self[vlan.servingVLAN].dhcp else { return nil }
    return primary
  }
}
