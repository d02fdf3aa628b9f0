import Diagnostics
import MAASFacts
import NetworkTypes

extension FlowCollector {
  /// What machines need from the racks that serve their VLAN, directly or by relay, and from the regions.
  mutating func addMachines() {
    for vlan in topology.vlans {
      let servers = racks(serving: vlan)
      let machines = [Flow.End.vlan(vlan.id)]
      addBoot(from: machines, to: servers, hasIPv6: vlan.subnets.contains { $0.network.value.family == .v6 })
      guard vlan.machines != nil || !servers.isEmpty else { continue }
      open(.tcp(53), .udp(53), from: machines, to: regions, "MAAS names the regions as DNS servers too")
      open(.tcp(Endpoints.api), from: machines, to: regions, "metadata, where MAAS names a region itself")
      open(.tcp(topology.syslogPort), .udp(topology.syslogPort), from: machines, to: regions, "logs of machines while they are deployed")
    }
  }

  private mutating func addBoot(from machines: [Flow.End], to servers: [Flow.End], hasIPv6: Bool) {
    open(.dhcp, from: machines, to: servers, "DHCP requests, direct or through a relay")
    if hasIPv6 { open(.dhcpv6, from: machines, to: servers, "DHCPv6 requests, direct or through a relay") }
    open(.udp(69), from: machines, to: servers, "TFTP: boot loaders")
    open(.tcp(Ports.rackHTTP), from: machines, to: servers, "HTTP boot, images and metadata")
    open(.tcp(53), .udp(53), from: machines, to: servers, "DNS")
    open(.udp(123), from: machines, to: servers, "the time")
    open(.tcp(topology.syslogPort), .udp(topology.syslogPort), from: machines, to: servers, "logs of machines while they are deployed")
    open(.tcp(topology.proxyPort), .tcp(3128), from: machines, to: servers, "packages through MAAS' proxy")
    open(.udp(Endpoints.api), from: machines, to: servers, "beacons by which controllers learn the networks")
  }

  /// The racks with an address on the VLAN, or on the one that it is relayed to.
  private func racks(serving vlan: VLAN) -> [Flow.End] {
    let place = vlan.relay?.to.value ?? vlan.id
    var result: [Flow.End] = []
    for resident in index.residents[place.index] where index.rack[resident.host.index] != nil {
      let end = Flow.End.host(resident.host)
      if !result.contains(end) { result.append(end) }
    }
    return result
  }
}
