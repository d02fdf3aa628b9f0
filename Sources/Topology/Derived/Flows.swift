import Diagnostics
import MAASFacts
import NetworkTypes

extension Topology {
  /// Every flow that this installation needs, each once; a host's traffic to itself is left out.
  package func flows(_ index: TopologyIndex) -> [Flow] {
    var flows = FlowCollector(self, index)
    flows.addFrontEnd()
    flows.addControllers()
    flows.addDatabase()
    flows.addMachines()
    flows.addSite()
    return flows.collected
  }
}

/// Gathers flows by role; each kind of traffic has an extension of its own.
struct FlowCollector {
  let topology: Topology
  let index: TopologyIndex
  /// The newest among the regions: a port that one of them needs must be open.
  let version: MAASVersion
  private(set) var collected: [Flow] = []
  private var known: Set<Key> = []

  private struct Key: Hashable {
    var from: Flow.End
    var to: Flow.End
    var service: Flow.Service
  }

  init(_ topology: Topology, _ index: TopologyIndex) {
    self.topology = topology
    self.index = index
    version = topology.servedVersion
  }

  mutating func open(_ services: Flow.Service..., from sources: [Flow.End], to targets: [Flow.End], _ why: String) {
    for target in targets {
      for source in sources where source != target {
        for service in services where known.insert(Key(from: source, to: target, service: service)).inserted {
          collected.append(Flow(from: source, to: target, service: service, why: why))
        }
      }
    }
  }

  func ends(_ role: TopologyIndex.Roles) -> [Flow.End] { index.hosts(with: role).map { .host($0) } }
  var regions: [Flow.End] { topology.regions.map { .host($0.host.value) } }
  var racks: [Flow.End] { topology.racks.map { .host($0.host.value) } }
}

extension Flow.Service {
  static func tcp(_ port: Int) -> Flow.Service { .tcp(PortRange(port, port)) }
  static func udp(_ port: Int) -> Flow.Service { .udp(PortRange(port, port)) }
  static func tcp(_ ports: ClosedRange<Int>) -> Flow.Service { .tcp(PortRange(ports)) }

  /// Requests of clients that have no address yet come from 0.0.0.0, those of relays from anywhere.
  package static let dhcp = Flow.Service.udp(67)
  package static let dhcpv6 = Flow.Service.udp(547)
}

extension PortRange {
  init(_ ports: ClosedRange<Int>) { self.init(ports.lowerBound, ports.upperBound) }
}
