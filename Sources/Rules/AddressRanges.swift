import Diagnostics
import NetworkTypes
import Topology

/// The dynamic ranges of all subnets, for looking addresses up in them.
struct DynamicRanges {
  /// By first address.
  private var ranges: [SubnetRange] = []
  /// The highest last address up to each position: where to stop looking back, should ranges overlap.
  private var reach: [IPAddress] = []

  init(_ topology: Topology) {
    for position in topology.vlans.indices {
      for subnet in topology.vlans[position].subnets {
        for range in subnet.ranges where range.kind.value == .dynamic { ranges.append(range) }
      }
    }
    ranges.sort { ($0.start.value, $0.span.lower) < ($1.start.value, $1.span.lower) }
    for range in ranges { reach.append(max(reach.last ?? range.end.value, range.end.value)) }
  }

  func range(holding address: IPAddress) -> SubnetRange? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].start.value <= address { low = middle + 1 } else { high = middle }
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
  var locatedAddresses: [Located<IPAddress>] {
    [address] + vlanAddresses.map(\.address)
      + interfaces.filter { !$0.ignore }.flatMap { $0.addresses.map { $0.map(\.address) } }
  }
}
