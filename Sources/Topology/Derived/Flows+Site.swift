import Diagnostics
import MAASFacts
import NetworkTypes

extension FlowCollector {
  /// Operators, monitoring, the load balancers among themselves, and what leaves the installation.
  mutating func addSite() {
    let operators = topology.firewall.management.isEmpty ? [Flow.End.outside("operators")] : topology.firewall.management.map { .network($0.value) }
    for host in topology.hosts where !index.roles[host.id.index].isOnlyVMHost {
      open(.tcp(topology.sshPort(host.id)), from: operators, to: [.host(host.id)], "operators and deploy.sh")
      open(.icmp, from: [.outside("everyone")], to: [.host(host.id)], "path MTU, neighbour discovery, ping")
    }
    open(.tcp(5239), from: operators, to: regions, "metrics of a region")
    open(.tcp(5249), from: operators, to: racks, "metrics of a rack")
    addVRRP()
    addOutgoing()
  }

  private mutating func addVRRP() {
    guard case .haproxy(let haproxy) = topology.balancer, !haproxy.vips.isEmpty else { return }
    open(.vrrp, from: ends(.haproxy), to: ends(.haproxy), "keepalived agrees on who holds the virtual address")
  }

  private mutating func addOutgoing() {
    let sources =
      topology.maas.bootSources.isEmpty
      ? [Flow.End.outside("images.maas.io")] : topology.maas.bootSources.map { topology.end($0.url.value) }
    open(.tcp(443), .tcp(80), from: regions, to: sources, "boot images")
    open(.udp(53), .tcp(53), from: regions, to: [.outside("upstream DNS servers")], "names outside of MAAS")
    open(.udp(123), from: regions, to: [.outside("upstream NTP servers")], "the time")
    if let vault = topology.maas.vault {
      open(.tcp(vault.url.value.port), from: regions, to: [topology.end(vault.url.value)], "MAAS keeps its secrets in Vault")
    }
  }
}

extension Topology {
  func end(_ url: HTTPURL) -> Flow.End {
    switch url.host {
    case .address(let address): .network(IPNetwork(address, prefixLength: address.family.bits))
    case .name(let name): .outside(name)
    }
  }
}
