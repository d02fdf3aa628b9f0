import Diagnostics
import MAASFacts
import NetworkTypes

extension FlowCollector {
  /// Clients, agents and machines to what answers at `maas_url`, and from there to the regions.
  mutating func addFrontEnd() {
    let everyone = [Flow.End.outside("clients")] + racks + topology.vlans.filter { $0.machines != nil }.map { Flow.End.vlan($0.id) }
    for target in frontEnd {
      for port in frontEndPorts(of: target) { open(.tcp(port), from: everyone, to: [target], "API, UI and metadata at maas_url") }
    }
    for port in Endpoints.agentPorts(version) {
      open(.tcp(port), from: racks, to: agentEndpoint, "the agent of a rack dials only the host of maas_url")
    }
    addBalancerToRegions()
  }

  private mutating func addBalancerToRegions() {
    guard !balancers.isEmpty else { return }
    open(.tcp(Endpoints.api), from: balancers, to: regions, "the load balancer passes the API on")
    for port in Endpoints.agentPorts(version) { open(.tcp(port), from: balancers, to: regions, "the load balancer passes the agents on") }
    if topology.maas.tls != nil { open(.tcp(topology.tlsPort().value), from: balancers, to: regions, "the load balancer passes TLS on") }
  }

  /// What answers at `maas_url`.
  var frontEnd: [Flow.End] { balancers.isEmpty ? regions : balancers }

  /// Where agents dial. On a host that is a region too, MAAS itself answers at the virtual address.
  private var agentEndpoint: [Flow.End] { frontEnd }

  private var balancers: [Flow.End] {
    switch topology.balancer {
    case .none: []
    case .haproxy(let haproxy): haproxy.hosts.map { .host($0.value) }
    case .external(let external): [topology.end(external.host.value)]
    }
  }

  private func frontEndPorts(of target: Flow.End) -> [Int] {
    let tls = topology.maas.tls == nil ? [] : [topology.tlsPort().value]
    switch topology.balancer {
    case .none: return [Endpoints.api] + tls
    case .haproxy:
      // Where HAProxy shares a host with a region, the region has its own port, and only a URL that says so leads there.
      let isOwn = !regions.contains(target) || topology.maasURL().value.port == Endpoints.api
      let plain = [topology.haproxyPort().value] + (isOwn && topology.haproxyPort().value != Endpoints.api ? [Endpoints.api] : [])
      return plain + (tls.isEmpty ? [] : [topology.haproxyTLSPort().value] + tls)
    case .external(let external):
      let agents = Endpoints.agentPorts(version)
      return external.ports.map(\.value).filter { !agents.contains($0) }
    }
  }
}

extension Topology {
  /// A host that somebody else runs.
  func end(_ host: DatabaseHost) -> Flow.End {
    if case .address(let address) = host { .network(IPNetwork(address, prefixLength: address.family.bits)) } else { .outside(host.description) }
  }
}
