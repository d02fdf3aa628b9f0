import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let subnetConflict = Rule(
    608, "subnet-conflict", .error,
    summary: "a network stands twice, or a gateway outside of its subnet",
    why: """
      MAAS knows a CIDR once, whatever the fabric, and refuses a gateway outside of its subnet unless it is a link-local IPv6 address (MAAS \
      source, src/maasserver/models/subnet.py). Networks that overlap make it unclear which subnet an address belongs to: a warning.
      """,
    examples: [
      .bad(
        "one network on two VLANs", as: .error,
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
              subnets: {⟦10.30.0.0/24⟧: {}}
        """),
      .bad(
        "a gateway elsewhere", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: ⟦10.31.0.1⟧
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
        "overlapping networks", as: .warning,
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
              subnets: {⟦10.30.0.0/16⟧: {}}
        """),
      .good(
        "networks side by side",
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
              subnets: {10.30.1.0/24: {}}
        """),
      .good(
        "a link-local gateway",
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
              subnets: {"2001:db8:50::/64": {gateway: "fe80::1"}}
        """),
    ],
    check: .topology { context, report in
      var placed: [Placed] = []
      placed.reserveCapacity(context.topology.vlans.count)
      let vlans = context.topology.vlans
      for position in vlans.indices {
        for subnet in vlans[position].subnets {
          placed.append(Placed(vlan: VLANID(position), network: subnet.network))
          guard let gateway = subnet.gateway, !subnet.network.value.contains(gateway.value), !gateway.value.isLinkLocal else { continue }
          report.report(
            "the gateway \(gateway.value) lies outside of \(subnet.network.value)", at: gateway.span,
            secondary: [Label(subnet.network.span, "its subnet")],
            help: "use an address of \(subnet.network.value)")
        }
      }
      reportOverlaps(placed, &report)
    })
}

extension IPAddress {
  fileprivate var isLinkLocal: Bool { IPNetwork(IPAddress(.v6, 0xFE80 << 112), prefixLength: 10).contains(self) }
}

private struct Placed {
  var vlan: VLANID
  var network: Located<IPNetwork>
}

/// In the order of networks, one that is held by another follows it, and only others that it holds stand between.
private func reportOverlaps(_ placed: [Placed], _ report: inout Reporter) {
  var enclosing: [Placed] = []
  for subnet in placed.sorted(by: { ($0.network.value, $0.network.span.lower) < ($1.network.value, $1.network.span.lower) }) {
    while let last = enclosing.last, !last.network.value.contains(subnet.network.value) { enclosing.removeLast() }
    if let outer = enclosing.last { reportOverlap(outer, subnet, &report) }
    enclosing.append(subnet)
  }
}

private func reportOverlap(_ one: Placed, _ two: Placed, _ report: inout Reporter) {
  let isSame = one.network.value == two.network.value
  // Two keys of one mapping are M102's.
  guard !isSame || one.vlan != two.vlan else { return }
  let (earlier, later) = one.network.span.lower < two.network.span.lower ? (one.network, two.network) : (two.network, one.network)
  report.report(
    isSame ? "\(later.value) is a subnet already" : "\(later.value) overlaps \(earlier.value)", at: later.span, as: isSame ? .error : .warning,
    secondary: [Label(earlier.span, isSame ? "first here" : "the other network")], help: isSame ? "remove one of them" : "use networks that are apart"
  )
}
