import Diagnostics
import NetworkTypes
import Topology

/// The hosts of URLs that lead to what balances the regions: the virtual addresses, the HAProxy hosts where there is none, an external load balancer.
struct FrontEndHosts {
  private var keys: Set<String> = []
  var isEmpty: Bool { keys.isEmpty }

  init(_ topology: Topology) {
    switch topology.balancer {
    case .none: break
    case .external(let external): keys.insert(external.host.value.key)
    case .haproxy(let haproxy):
      for vip in haproxy.vips { keys.insert(vip.address.value.address.bracketed) }
      for host in haproxy.hosts where haproxy.vips.isEmpty {
        let host = topology[host.value]
        keys.formUnion([host.name.value.description.lowercased(), host.name.value.short.lowercased()])
        for placed in host.placedAddresses { keys.insert(placed.address.bracketed) }
      }
    }
  }

  func contains(_ host: HTTPURL.Host) -> Bool { keys.contains(host.key) }
}

extension DatabaseHost {
  /// In the form of `HTTPURL.Host.key`.
  var key: String {
    if case .address(let address) = self { address.bracketed } else { description.lowercased() }
  }
}

extension Topology {
  var haproxy: HAProxy? {
    if case .haproxy(let haproxy) = balancer { haproxy } else { nil }
  }
}

extension [Located<Int>] {
  /// From the first to the last; nil for an empty list, which has no place.
  var span: Span? {
    guard let first, let last else { return nil }
    return first.span.union(last.span)
  }
}
