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

  init(_ flow: Flow, in topology: Topology) {
    from = Place(flow.from, in: topology)
    to = Place(flow.to, in: topology)
    why = flow.why
    switch flow.service {
    case .tcp(let range): (transport, ports) = ("tcp", range.description)
    case .udp(let range): (transport, ports) = ("udp", range.description)
    case .vrrp: (transport, ports) = ("vrrp", "")
    case .icmp: (transport, ports) = ("icmp", "")
    }
  }
}

extension PlannedFlow.Place {
  init(_ end: Flow.End, in topology: Topology) {
    switch end {
    case .host(let id):
      self.init(name: topology[id].name.value.description, addresses: [topology[id].address.value.description])
    case .network(let network):
      self.init(name: network.description, addresses: [network.description])
    case .vlan(let id):
      let vlan = topology[id]
      self.init(name: "\(vlan.fabric.value)/\(vlan.name.value)", addresses: vlan.subnets.map(\.network.value.description))
    case .outside(let name):
      self.init(name: name, addresses: [])
    }
  }
}
