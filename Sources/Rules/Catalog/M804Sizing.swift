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
    check: .topology { context, report in
      let topology = context.topology
      let most = NetworkLimits.machinesPerRackPair
      var pairs: [(primary: Located<RackID>, vlans: [Located<String>], machines: Int, isJudged: Bool)] = []
      var positions: [RackID: Int] = [:]
      for vlan in topology.vlans {
        guard let machines = [vlan.machines, vlan.bmcs].compactMap({ $0 }).max(by: { $0.value < $1.value }) else { continue }
        let isLarge = machines.value > most
        if isLarge {
          report.report(
            "\(machines.value) machines on \(vlan.name.value), MAAS' documentation sizes for \(most)", at: machines.span,
            help: "split the VLAN, or measure how long a power query of all machines takes")
        }
        let server = vlan.relay.map { topology[$0.to.value] } ?? vlan
        guard case .pair(_, let primary, _) = server.dhcp else { continue }
        let position = positions[primary.value] ?? pairs.count
        if position == pairs.count {
          positions[primary.value] = position
          pairs.append((primary, [], 0, false))
        }
        pairs[position].vlans.append(vlan.name)
        pairs[position].machines += machines.value
        pairs[position].isJudged = pairs[position].isJudged || isLarge
      }
      for pair in pairs where pair.machines > most && !pair.isJudged {
        report.report(
          "\(context.name(topology[pair.primary.value].host.value)) serves \(pair.machines) machines, MAAS' documentation sizes for \(most)",
          at: pair.primary.span,
          secondary: pair.vlans.map { Label($0.span, "some of them") }, help: "let other racks serve some of these VLANs")
      }
    })
}
