import MAASFacts
package import NetworkTypes

/// A port that HAProxy takes on a host.
package struct HAProxyBind: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    /// Plain HTTP to the API.
    case api
    /// TLS, passed on to the regions' TLS port.
    case tls
    /// TCP, passed on under the same number.
    case passthrough
    case database
  }
  package var purpose: Purpose
  /// Nil: every address of the host.
  package var address: IPAddress?
  package var port: Int
}

extension Topology {
  /// What HAProxy binds on `host`. MAAS binds its ports on every address, so where the host is a region too, they are left to it: the virtual
  /// address then leads to the local region on them.
  package func haproxyBinds(on host: HostID, _ index: TopologyIndex) -> [HAProxyBind] {
    guard index.roles[host.index].contains(.haproxy) else { return [] }
    let isRegion = index.roles[host.index].contains(.region)
    var binds = [HAProxyBind(purpose: .api, port: haproxyPort().value)]
    if !isRegion, haproxyPort().value != Endpoints.api { binds.append(HAProxyBind(purpose: .api, port: Endpoints.api)) }
    let tls = maas.tls == nil ? [] : [haproxyTLSPort().value, tlsPort().value]
    let local = isRegion ? regionPorts(on: host) : []
    for port in tls where !local.contains(port) && !binds.contains(where: { $0.port == port }) {
      binds.append(HAProxyBind(purpose: .tls, port: port))
    }
    for port in haproxyPassthrough().value where !local.contains(port) && !binds.contains(where: { $0.port == port }) {
      binds.append(HAProxyBind(purpose: .passthrough, port: port))
    }
    return binds + databaseBinds(on: host)
  }

  /// The ports of a region that clients and agents dial at the host of `maas_url`: where the virtual address lies on a region host, it answers them itself.
  package func regionPorts(on host: HostID) -> [Int] {
    [Endpoints.api] + Endpoints.agentPorts(version(on: host).value) + (maas.tls == nil ? [] : [tlsPort().value])
  }

  private func databaseBinds(on host: HostID) -> [HAProxyBind] {
    let endpoint = databaseEndpoint().value
    guard case .address(let address) = endpoint.host else { return [] }
    switch endpoint.kind {
    case .virtualAddress: return [HAProxyBind(purpose: .database, address: address, port: endpoint.port)]
    case .haproxyHost(host): return [HAProxyBind(purpose: .database, address: address, port: endpoint.port)]
    case .haproxyHost, .primary, .external: return []
    }
  }
}
