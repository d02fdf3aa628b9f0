import Diagnostics
import Topology

extension Rule {
  static let dhcpWithoutRange = Rule(
    604, "dhcp-without-range", .error,
    summary: "a VLAN has DHCP, its own or by relay, and no dynamic range",
    why: """
      MAAS turns DHCP on only for a VLAN that has a dynamic range on one of its subnets (MAAS source, src/maasserver/forms/vlan.py); without one \
      dhcpd has nothing to hand out, and a machine that is not known yet cannot boot.
      """,
    examples: [
      .bad(
        "no range at all", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
              dhcp: ⟦{primary_rack: rack-a1, secondary_rack: rack-a2}⟧
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "only a reserved range", as: .error,
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
                    - {type: reserved, start: 10.30.0.4, end: 10.30.0.9}
              dhcp: ⟦{primary_rack: rack-a1, secondary_rack: rack-a2}⟧
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "a relay without a range", as: .error,
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
                10.50.0.0/24:
                  gateway: 10.50.0.1
              relay: {to: ⟦provisioning⟧, helpers: [10.30.0.2, 10.30.0.3]}
        """),
      .good(
        "a range",
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
        "a relay with a range",
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
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: provisioning, helpers: [10.30.0.2, 10.30.0.3]}
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
              dhcp: false
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    yieldsTo: [607],
    check: .eachVLAN { vlan, context, report in
      guard !vlan.hasDynamicRange, context.topology.isSound(vlan.span) else { return }
      let help = "add a range to one of its subnets: {type: dynamic, start: …, end: …}"
      if case .pair(let span, _, _) = vlan.dhcp {
        report.report(
          "\(vlan.name.value) has DHCP and no dynamic range", at: context.topology.file.firstLine(of: span),
          secondary: vlan.subnets.map { Label($0.network.span, "no dynamic range here") }, help: help)
      } else if let relay = vlan.relay {
        report.report(
          "\(vlan.name.value) is relayed to \(context.topology[relay.to.value].name.value), and has no dynamic range of its own", at: relay.to.span,
          secondary: vlan.subnets.map { Label($0.network.span, "no dynamic range here") }, help: help)
      }
    })
}
