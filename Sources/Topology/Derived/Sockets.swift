package import Diagnostics
package import NetworkTypes

/// What a service of a host listens on. Two services on one of these collide (M307); verify.sh looks for each.
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
  /// Everything that listens on `host`, by role, then what the file declares under `listens`.
  package func sockets(on host: HostID, _ index: TopologyIndex) -> [BoundSocket] {
    self[host].listens.map { listener in
      BoundSocket(listener.transport, nil, PortRange(listener.port.value, listener.port.value), listener.name.value, listener.port.span)
    }
  }
}
