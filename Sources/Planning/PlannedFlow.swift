import Diagnostics
import NetworkTypes
import Topology

/// One flow in the words of people who run other firewalls.
package struct PlannedFlow: Sendable, Hashable {
  package struct Place: Sendable, Hashable {
    /// `infra-1`, `fabric-1/provisioning`, `clients`.
    package var name: String
    /// Addresses or networks; empty for what lies outside of the topology.
    package var addresses: [String]
  }
  package var from: Place
  package var to: Place
  /// `tcp`, `udp`, `vrrp`, `icmp`.
  package var transport: String
  /// `5432` or `5250-5270`; empty where the transport has none.
  package var ports: String
  package var why: String

  init(_ flow: Flow, _ places: FlowPlaces) {
    from = places.source(flow.from, flow.service)
    to = places.target(flow.to, flow.service)
    why = flow.why
    switch flow.service {
    case .tcp(let range): (transport, ports) = ("tcp", range.description)
    case .udp(let range): (transport, ports) = ("udp", range.description)
    case .vrrp: (transport, ports) = ("vrrp", "")
    case .icmp: (transport, ports) = ("icmp", "")
    }
  }
}

/// Where flows begin and end, in addresses that a packet filter on the way sees.
struct FlowPlaces {
  private let topology: Topology
  /// Of each host, what listens there.
  private let sockets: [[BoundSocket]]

  init(_ topology: Topology, _ sockets: [[BoundSocket]]) {
    self.topology = topology
    self.sockets = sockets
  }

  func source(_ end: Flow.End, _ service: Flow.Service) -> PlannedFlow.Place {
    guard case .host(let id) = end else { return outside(end) }
    return place(id, topology.sources(of: id, calling: service))
  }

  /// The addresses that the service listens on, the virtual ones among them: they are the ones that clients dial.
  func target(_ end: Flow.End, _ service: Flow.Service) -> PlannedFlow.Place {
    guard case .host(let id) = end else { return outside(end) }
    let listening = sockets[id.index].filter { $0.takes(service) }
    let bound = listening.compactMap(\.address)
    guard !listening.isEmpty else { return place(id, [topology[id].address.value]) }
    guard bound.count < listening.count else { return place(id, bound) }
    return place(id, topology.ownAddresses(of: id) + topology.movingAddresses(of: id))
  }

  private func place(_ host: HostID, _ addresses: [IPAddress]) -> PlannedFlow.Place {
    PlannedFlow.Place(name: topology[host].name.value.description, addresses: addresses.map(\.description))
  }

  private func outside(_ end: Flow.End) -> PlannedFlow.Place {
    switch end {
    case .host(let id): place(id, [topology[id].address.value])
    case .network(let network): PlannedFlow.Place(name: network.description, addresses: [network.description])
    case .vlan(let id):
      PlannedFlow.Place(
        name: "\(topology[id].fabric.value)/\(topology[id].name.value)", addresses: topology[id].subnets.map(\.network.value.description))
    case .outside(let name): PlannedFlow.Place(name: name, addresses: [])
    }
  }
}

extension Topology {
  /// What a packet of the host may have as its source: its routes decide which. The holder of a virtual address may call from that too, IPv6 above
  /// all; keepalived alone is told its own (`unicast_src_ip`).
  func sources(of host: HostID, calling service: Flow.Service?) -> [IPAddress] {
    ownAddresses(of: host) + (service == .vrrp ? [] : movingAddresses(of: host))
  }

  fileprivate func ownAddresses(of host: HostID) -> [IPAddress] {
    var addresses: [IPAddress] = []
    self[host].forEachPlacedAddress { address, _ in if !addresses.contains(address) { addresses.append(address) } }
    return addresses
  }

  /// The virtual addresses that the host may hold.
  fileprivate func movingAddresses(of host: HostID) -> [IPAddress] {
    guard case .haproxy(let haproxy) = balancer, haproxy.hosts.contains(where: { $0.value == host }) else { return [] }
    return haproxy.vips.map(\.address.value.address)
  }
}

extension BoundSocket {
  fileprivate func takes(_ service: Flow.Service) -> Bool {
    switch service {
    case .tcp(let range): transport == .tcp && ports.first <= range.last && range.first <= ports.last
    case .udp(let range): transport == .udp && ports.first <= range.last && range.first <= ports.last
    case .vrrp, .icmp: false
    }
  }
}
