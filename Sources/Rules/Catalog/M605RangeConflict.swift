import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let rangeConflict = Rule(
    605, "range-conflict", .error,
    summary: "an address range does not fit its subnet or overlaps another one",
    why: """
      MAAS refuses a range outside of its subnet, one that ends before it begins, holds the network or broadcast address, or overlaps another \
      range, and an IPv6 dynamic range of fewer than 256 addresses (MAAS source, src/maasserver/models/iprange.py), in the middle of a \
      deployment.
      """,
    examples: [
      .bad(
        "outside of the subnet", as: .error,
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
                    - {type: dynamic, start: 10.30.0.100, end: ⟦10.30.1.20⟧}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "reversed", as: .error,
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
                    - {type: dynamic, start: 10.30.0.200, end: ⟦10.30.0.100⟧}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "the broadcast address", as: .error,
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
                    - {type: dynamic, start: 10.30.0.100, end: ⟦10.30.0.255⟧}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "overlapping by one", as: .error,
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
                    - {type: reserved, start: ⟦10.30.0.200⟧, end: 10.30.0.220}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "255 addresses of IPv6", as: .error,
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
                "2001:db8:30::/64":
                  ranges: [{type: dynamic, start: "2001:db8:30::1", end: ⟦"2001:db8:30::ff"⟧}]
              dhcp: false
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "side by side",
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
                    - {type: reserved, start: 10.30.0.201, end: 10.30.0.220}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "up to the last address",
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
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.254}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "256 addresses of IPv6",
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
                "2001:db8:30::/64":
                  ranges: [{type: dynamic, start: "2001:db8:30::1", end: "2001:db8:30::100"}]
              dhcp: false
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
    ],
    check: .eachVLAN { vlan, _, report in
      for subnet in vlan.subnets {
        let network = subnet.network
        for range in subnet.ranges {
          guard let fault = fault(of: range, in: network.value) else { continue }
          report.report(fault.message, at: fault.place, secondary: [Label(network.span, "the subnet")], help: fault.help)
        }
        if subnet.ranges.count > 1 { reportOverlaps(subnet.ranges.filter { fault(of: $0, in: network.value) == nil }, &report) }
      }
    })
}

private struct Fault {
  var message: String
  var place: Span
  var help: String
}

/// What is wrong with a range by itself.
private func fault(of range: SubnetRange, in network: IPNetwork) -> Fault? {
  if let fault = fault(ofEnd: range.start, in: network) ?? fault(ofEnd: range.end, in: network) { return fault }
  if range.end.value < range.start.value {
    return Fault(message: "the range ends at \(range.end.value), before it begins", place: range.end.span, help: "exchange start and end")
  }
  let least = UInt128(NetworkLimits.smallestIPv6DynamicRange)
  if network.family == .v6, range.kind.value == .dynamic, range.range.count < least {
    return Fault(
      message: "a dynamic range of IPv6 needs \(least) addresses, this one has \(range.range.count)", place: range.end.span,
      help: "end at \(range.start.value.advanced(by: least - 1)) or later")
  }
  return nil
}

private func fault(ofEnd end: Located<IPAddress>, in network: IPNetwork) -> Fault? {
  if !network.contains(end.value) {
    return Fault(message: "\(end.value) lies outside of \(network)", place: end.span, help: "stay within \(network.first) and \(network.last)")
  }
  guard network.isReserved(end.value) else { return nil }
  let what = end.value == network.first ? "network address" : "broadcast address"
  return Fault(message: "\(end.value) is the \(what) of \(network)", place: end.span, help: "leave it out of the range")
}

/// One finding for each range that begins inside an earlier one, by address.
private func reportOverlaps(_ ranges: [SubnetRange], _ report: inout Reporter) {
  let sorted = ranges.sorted { ($0.start.value, $0.span.lower) < ($1.start.value, $1.span.lower) }
  guard var widest = sorted.first else { return }
  for range in sorted.dropFirst() {
    if range.start.value <= widest.end.value {
      let (earlier, later) = widest.span.lower < range.span.lower ? (widest, range) : (range, widest)
      report.report(
        "\(later.range) overlaps \(earlier.range)", at: later.start.span, secondary: [Label(earlier.start.span, "the other range")],
        help: "let one end before the other begins")
    }
    if widest.end.value < range.end.value { widest = range }
  }
}
