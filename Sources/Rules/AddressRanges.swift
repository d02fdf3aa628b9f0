import Diagnostics
import NetworkTypes
import Topology

extension SubnetRange {
  var isDynamic: Bool { kind.value == .dynamic }
}

extension VLAN {
  var hasDynamicRange: Bool { subnets.contains { $0.ranges.contains(where: \.isDynamic) } }
}

/// The dynamic ranges of all subnets, for looking addresses up in them.
struct DynamicRanges {
  /// By first address.
  private var ranges: [SubnetRange] = []
  /// Where each begins: a search among these alone stays within the processor's caches.
  private var starts: [IPAddress] = []
  /// The highest last address up to each position: where to stop looking back, should ranges overlap.
  private var reach: [IPAddress] = []

  init(_ topology: Topology) {
    ranges.reserveCapacity(topology.vlans.count)
    for position in topology.vlans.indices {
      for subnet in topology.vlans[position].subnets { ranges += subnet.ranges.lazy.filter(\.isDynamic) }
    }
    ranges.sort { ($0.start.value, $0.span.lower) < ($1.start.value, $1.span.lower) }
    starts = ranges.map(\.start.value)
    for range in ranges { reach.append(max(reach.last ?? range.end.value, range.end.value)) }
  }

  func range(holding address: IPAddress) -> SubnetRange? {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= address { low = middle + 1 } else { high = middle }
    }
    while low > 0, reach[low - 1] >= address {
      low -= 1
      if ranges[low].range.contains(address) { return ranges[low] }
    }
    return nil
  }
}

extension IPNetwork {
  /// The network address, and the broadcast address of IPv4; networks of one or two addresses have neither.
  func isReserved(_ address: IPAddress) -> Bool {
    guard contains(address), prefixLength < family.bits - 1 else { return false }
    return address == first || (family == .v4 && address == last)
  }
}

extension Host {
  /// Every address of the host that is not on an ignored interface, with the place that gives it.
  func forEachLocatedAddress(_ body: (Located<IPAddress>) -> Void) {
    body(address)
    for entry in vlanAddresses { body(entry.address) }
    for interface in interfaces where !interface.ignore {
      for entry in interface.addresses { body(entry.map(\.address)) }
    }
  }
}
