import Diagnostics
import Topology

extension Rule {
  static let dhcpWithoutHA = Rule(
    601, "dhcp-without-ha", .warning,
    summary: "a VLAN's DHCP has a primary rack and no secondary",
    why: """
      `primary_rack` alone gives no failover peer: when that rack is lost, leases run out (600 s) and nothing boots on the VLAN. The example in \
      MAAS' manual sets only the primary (MAAS source, src/maasserver/forms/vlan.py; MAAS manual, "Manage high availability"). Racks that are \
      alone altogether are M305.
      """,
    examples: [
      .bad(
        "no secondary rack", as: .warning,
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
              dhcp: {primary_rack: ⟦rack-a1⟧}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "one finding for two VLANs of one rack", as: .warning,
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
              dhcp: {primary_rack: ⟦rack-a1⟧}
            bmc:
              vid: 110
              dhcp: {primary_rack: rack-a1}
              subnets:
                10.40.0.0/24: {ranges: [{type: dynamic, start: 10.40.0.100, end: 10.40.0.200}]}
        """),
      .good(
        "a pair",
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
        "no DHCP",
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
              dhcp: false
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll([.racks, .fabrics]) else { return }
      let topology = context.topology
      guard topology.racks.count > 1 else { return }
      var alone: [(rack: RackID, places: [(vlan: VLAN, place: Span)])] = []
      var positions: [RackID: Int] = [:]
      for vlan in topology.vlans where topology.isSound(vlan.span) {
        guard case .pair(_, let primary, nil) = vlan.dhcp else { continue }
        if positions[primary.value] == nil {
          positions[primary.value] = alone.count
          alone.append((primary.value, []))
        }
        if let position = positions[primary.value] { alone[position].places.append((vlan, primary.span)) }
      }
      for (rack, places) in alone {
        guard let first = places.first else { continue }
        report.report(
          "\(context.name(topology[rack].host.value)) alone serves DHCP on \(places.map(\.vlan.name.value).listed)", at: first.place,
          secondary: places.dropFirst().map { Label($0.place, "and on \($0.vlan.name.value)") },
          help: "add secondary_rack, a rack with an address on the VLAN")
      }
    })
}
