import Diagnostics
import MAASFacts
import NetworkTypes

extension FlowCollector {
  /// Racks to regions, regions among themselves, and the two racks of a DHCP pair.
  mutating func addControllers() {
    addRackToRegion()
    addRegionToRegion()
    addFailover()
    addPowerControl()
  }

  private mutating func addRackToRegion() {
    open(.tcp(Endpoints.api), from: racks, to: regions, "racks find the regions and fetch images from each")
    open(
      .tcp(Ports.rpc), from: racks, to: regions, "every rack holds RPC connections to every worker of every region, never through a load balancer")
    open(.tcp(53), .udp(53), from: racks, to: regions, "the racks' DNS servers forward to the regions")
    open(.udp(123), from: racks, to: regions, "racks take the time from the regions")
    let syslog = topology.syslogPort
    open(.tcp(syslog), .udp(syslog), from: racks, to: regions, "racks forward the machines' logs")
    open(.tcp(topology.proxyPort), from: racks, to: regions, "the racks' proxies ask the regions' proxies")
  }

  private mutating func addRegionToRegion() {
    open(.tcp(Endpoints.api), from: regions, to: regions, "regions fetch images from each other")
    open(.udp(123), from: regions, to: regions, "the regions' clocks are peers")
    open(.tcp(topology.syslogPort), .udp(topology.syslogPort), from: regions, to: regions, "regions share the logs that they take in")
    guard Lifespan.since(3, 5).contains(version) else { return }
    open(.tcp(Ports.temporal), .tcp(Ports.temporalInternal), from: regions, to: regions, "Temporal's services call each other")
    open(.tcp(Ports.temporalMembership), from: regions, to: regions, "Temporal's services find each other")
  }

  private mutating func addFailover() {
    for vlan in topology.vlans {
      guard case .pair(_, let primary, let secondary?) = vlan.dhcp else { continue }
      let pair: [Flow.End] = [primary, secondary].map { .host(topology[$0.value].host.value) }
      open(.tcp(Ports.dhcpFailover), from: pair, to: pair, "the DHCP servers of a pair share their leases")
    }
  }

  private mutating func addPowerControl() {
    for vlan in topology.vlans where vlan.bmcs != nil {
      let residents = index.residents[vlan.id.index].map { $0.host }.filter { index.rack[$0.index] != nil }.map { Flow.End.host($0) }
      open(.udp(623), .tcp(443), from: residents.isEmpty ? racks : residents, to: [.vlan(vlan.id)], "power control by IPMI and Redfish")
    }
    for machine in topology.vmHosts {
      let port = machine.kind?.value == .virsh ? topology.sshPort(machine.host.value) : 8443
      open(.tcp(port), from: racks, to: [.host(machine.host.value)], "racks start the virtual machines of a VM host")
    }
  }
}

extension Topology {
  /// Where MAAS takes logs in.
  var syslogPort: Int { maasSetting("maas_syslog_port") ?? Ports.syslog }
  /// Where MAAS' proxies listen.
  var proxyPort: Int { maasSetting("maas_proxy_port") ?? Ports.proxy }
  package func sshPort(_ host: HostID) -> Int { self[host].ssh.port?.value ?? 22 }

  private func maasSetting(_ name: String) -> Int? {
    maas.settings.first { $0.name.value == name }.flatMap { Int($0.value.value.text) }
  }
}
