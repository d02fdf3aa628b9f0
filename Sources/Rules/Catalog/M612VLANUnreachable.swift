import Diagnostics
import Topology

extension Rule {
  static let vlanUnreachable = Rule(
    612, "vlan-unreachable", .warning,
    summary: "a VLAN has machines or BMCs, and no rack is on it",
    why: """
      Machines boot from a rack on their own VLAN, or on the one that their requests are relayed to; power is switched by a rack that reaches \
      the BMC (MAAS manual, "Manage high availability"). A VLAN that no rack is on shows as not utilised, and its machines do not boot. Where a \
      pair is named for it, M603 looks for their addresses.
      """,
    examples: [
      .bad(
        "BMCs without a rack", as: .warning,
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
              bmcs: ⟦80⟧
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3}}
        """),
      .bad(
        "machines without a rack", as: .warning,
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
              machines: ⟦10⟧
              subnets: {10.50.0.0/24: {}}
        """),
      .good(
        "a relay to a VLAN with racks",
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
              machines: 10
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: provisioning, helpers: [10.30.0.2, 10.30.0.3]}
        """),
      .good(
        "nobody lives there",
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
              machines: 0
              subnets: {10.50.0.0/24: {}}
        """),
    ],
    check: .eachVLAN { vlan, context, report in
      if case .pair = vlan.dhcp { return }
      guard context.topology.isSound(vlan.span) else { return }
      guard context.topology.isIntact(.hosts), context.topology.holdsAll([.racks, .fabrics]) else { return }
      let counts = [(vlan.machines, "machine"), (vlan.bmcs, "BMC")].compactMap { count, noun in count.map { ($0, noun) } }.filter { $0.0.value > 0 }
      guard let (count, noun) = counts.first, !hasRack(on: vlan.id, context), !hasRack(on: vlan.servingVLAN, context) else { return }
      report.report(
        "no rack is on \(vlan.name.value), where \(count.value.counted(noun)) \(count.value == 1 ? "is" : "are")", at: count.span,
        help: "give a rack an address there, or relay its DHCP to a VLAN with racks")
    })
}

private func hasRack(on vlan: VLANID, _ context: RuleContext) -> Bool {
  context.index.residents[vlan.index].contains { context.index.rack[$0.host.index] != nil }
}
