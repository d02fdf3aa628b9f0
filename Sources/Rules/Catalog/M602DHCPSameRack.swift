import Diagnostics
import Topology

extension Rule {
  static let dhcpSameRack = Rule(
    602, "dhcp-same-rack", .error,
    summary: "primary and secondary rack of a VLAN are one",
    why: """
      MAAS refuses it: "the primary and secondary rack must be different" (MAAS source, src/maasserver/forms/vlan.py). A failover peer of itself \
      is none.
      """,
    examples: [
      .bad(
        "the same rack twice", as: .error,
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
              dhcp: {primary_rack: rack-a1, secondary_rack: ⟦rack-a1⟧}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "the other one twice", as: .error,
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
              dhcp: {primary_rack: rack-a2, secondary_rack: ⟦rack-a2⟧}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "two racks",
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
        "the other way round",
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
              dhcp: {primary_rack: rack-a2, secondary_rack: rack-a1}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    check: .eachVLAN { vlan, context, report in
      guard case .pair(_, let primary, let secondary?) = vlan.dhcp, primary.value == secondary.value else { return }
      report.report(
        "\(context.name(context.topology[primary.value].host.value)) is the primary rack of \(vlan.name.value) already", at: secondary.span,
        secondary: [Label(primary.span, "the primary")], help: "name another rack, or leave secondary_rack out")
    })
}
