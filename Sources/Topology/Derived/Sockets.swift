package import Diagnostics
import MAASFacts
package import NetworkTypes

/// What a service of a host listens on. Two services on one of these collide (M307); preflight looks whether they are free, verify.sh whether they
/// are taken.
package struct BoundSocket: Sendable, Hashable {
  package var transport: TransportProtocol
  /// Nil: every address of the host, IPv4 and IPv6.
  package var address: IPAddress?
  package var ports: PortRange
  /// `MAAS`, `HAProxy`, `PostgreSQL`, `etcd`, `Patroni`, or the declared name of somebody else's.
  package var service: String
  /// The place that asked for it.
  package var span: Span

  package init(_ transport: TransportProtocol, _ address: IPAddress? = nil, _ ports: PortRange, _ service: String, _ span: Span) {
    self.transport = transport
    self.address = address
    self.ports = ports
    self.service = service
    self.span = span
  }

  /// Both cannot be bound at once.
  package func collides(with other: BoundSocket) -> Bool {
    transport == other.transport && ports.first <= other.ports.last && other.ports.first <= ports.last
      && (address == nil || other.address == nil || address == other.address)
  }
}

extension Topology {
  /// Everything that listens on `host`: MAAS, HAProxy, the database's programs, then what the file declares under `listens`.
  package func sockets(on host: HostID, _ index: TopologyIndex) -> [BoundSocket] {
    var table = SocketTable()
    addMAASSockets(on: host, index, &table)
    addBalancerSockets(on: host, index, &table)
    addDatabaseSockets(on: host, index, &table)
    for listener in self[host].listens {
      table.add(listener.transport, nil, PortRange(listener.port.value, listener.port.value), listener.name.value, listener.port.span)
    }
    return table.sockets
  }

  private func addMAASSockets(on host: HostID, _ index: TopologyIndex, _ table: inout SocketTable) {
    let version = version(on: host).value
    let shared: [PortRange] = [
      PortRange(53, 53), PortRange(Ports.squid, Ports.squid), PortRange(proxyPort, proxyPort), PortRange(syslogPort, syslogPort),
    ]
    if let id = index.region[host.index] {
      let temporal = Lifespan.since(3, 5).contains(version) ? [PortRange(Ports.temporalInternal), PortRange(Ports.temporalMembership)] : []
      let own = regionPorts(on: host).map { PortRange($0, $0) } + [PortRange(5239, 5239), PortRange(Ports.rpc)] + temporal
      table.add("MAAS", self[id].host.span, tcp: own + shared, udp: [53, 123, syslogPort])
    }
    if let id = index.rack[host.index] {
      let pair = servesDHCP(id) ? [PortRange(Ports.dhcpFailover, Ports.dhcpFailover), PortRange(7911, 7911)] : []
      table.add(
        "MAAS", self[id].host.span, tcp: [PortRange(Ports.rackHTTP, 5249)] + pair + shared,
        udp: [53, 69, 123, syslogPort] + (pair.isEmpty ? [] : [67]))
    }
  }

  private func addBalancerSockets(on host: HostID, _ index: TopologyIndex, _ table: inout SocketTable) {
    guard case .haproxy(let haproxy) = balancer else { return }
    for bind in haproxyBinds(on: host, index) {
      let span =
        switch bind.purpose {
        case .api: haproxyPort().span ?? haproxy.span
        case .tls: haproxyTLSPort().span ?? haproxy.span
        case .passthrough: haproxy.passthrough?.value.first { $0.value == bind.port }?.span ?? haproxy.span
        case .database: serviceAddress?.span ?? haproxy.span
        }
      table.add(.tcp, bind.address, PortRange(bind.port, bind.port), "HAProxy", span)
    }
  }

  private func addDatabaseSockets(on host: HostID, _ index: TopologyIndex, _ table: inout SocketTable) {
    let address = self[host].address.value
    if let member = postgresql.members.first(where: { $0.value == host }) {
      let port = databasePort().value
      table.add(.tcp, address, PortRange(port, port), "PostgreSQL", postgresql.port?.span ?? member.span)
      if let check = databaseRoleCheck() { table.add(.tcp, address, PortRange(check.port, check.port), check.service, member.span) }
    }
    if index.roles[host.index].contains(.etcd) { table.add(.tcp, address, PortRange(2379, 2380), "etcd", postgresql.span) }
  }

  private func servesDHCP(_ rack: RackID) -> Bool {
    vlans.contains { vlan in
      guard case .pair(_, let primary, let secondary) = vlan.dhcp else { return false }
      return primary.value == rack || secondary?.value == rack
    }
  }
}

extension DatabaseRoleCheck {
  fileprivate var service: String { self == .patroni ? "Patroni" : "PostgreSQL's role check" }
}

/// Gathers sockets, each once: a host that is region and rack has one DNS server, not two.
private struct SocketTable {
  private(set) var sockets: [BoundSocket] = []

  mutating func add(_ transport: TransportProtocol, _ address: IPAddress?, _ ports: PortRange, _ service: String, _ span: Span) {
    let isKnown = sockets.contains {
      $0.transport == transport && $0.address == address && $0.ports == ports && $0.service == service
    }
    if !isKnown { sockets.append(BoundSocket(transport, address, ports, service, span)) }
  }

  mutating func add(_ service: String, _ span: Span, tcp: [PortRange], udp: [Int]) {
    for ports in tcp { add(.tcp, nil, ports, service, span) }
    for port in udp { add(.udp, nil, PortRange(port, port), service, span) }
  }
}
