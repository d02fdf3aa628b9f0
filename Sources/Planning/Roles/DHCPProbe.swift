import Diagnostics
import Formats
import NetworkTypes
import Topology

/// Before a rack serves DHCP it asks, on each of its VLANs, whether somebody else already does.
enum DHCPProbe {
  /// One step for each rack that is a primary.
  static func steps(after: [Predecessor], _ builder: inout PlanBuilder) -> [RackID: StepID] {
    var steps: [RackID: StepID] = [:]
    for rack in builder.topology.racks {
      let host = rack.host.value
      guard builder.topology.level(of: .maas, on: host) == .full else { continue }
      let places = places(of: rack.id, builder)
      guard !places.isEmpty else { continue }
      builder[host].files.append(
        PlannedFile(path: NetworkProbe.path, policy: .preview, content: NetworkProbe.text, keyPath: "racks.\(builder[host].name)", origin: rack.span))
      steps[rack.id] = builder.add(step(rack, places, after, builder), reaching: .dhcpServers)
    }
    return steps
  }

  private static func step(_ rack: Rack, _ places: [Place], _ after: [Predecessor], _ builder: PlanBuilder) -> Step {
    let ask: Shell = "python3 \"$FILES\"\(NetworkProbe.path) foreign \(places.map(\.word))"
    return Step(
      host: builder[rack.host.value], phase: .dhcp, name: "foreign-servers", title: "Find DHCP servers that are not ours",
      why: "Two servers that do not know of each other give one address to two machines. IPv4 only; nothing is leased.", after: after, check: ask,
      apply: "\(ask) || fail 'turn the other server off, or keep MAAS off that VLAN with dhcp: unmanaged'", verify: ask, timeout: 120,
      origin: rack.span)
  }

  /// Where a rack asks: its own address on a VLAN, and whose answers are ours.
  struct Place {
    let address: IPAddress
    let ours: [IPAddress]
    /// `10.30.0.2=10.30.0.2,10.30.0.3`
    var word: String { "\(address)=\(ours.map(\.description).joined(separator: ","))" }
  }

  /// The VLANs of which `rack` is the primary.
  static func places(of rack: RackID, _ builder: PlanBuilder) -> [Place] {
    let topology = builder.topology
    return topology.vlans.compactMap { vlan in
      guard case .pair(_, let primary, let secondary) = vlan.dhcp, primary.value == rack else { return nil }
      let hosts = [primary.value, secondary?.value].compactMap { $0.map { topology[$0].host.value } }
      return place(of: topology[rack].host.value, among: hosts, on: vlan, builder)
    }
  }

  static func place(of host: HostID, among hosts: [HostID], on vlan: VLAN, _ builder: PlanBuilder) -> Place? {
    let addresses = { (host: HostID) in builder.index.addresses(of: host, on: vlan.id).filter { $0.family == .v4 } }
    return addresses(host).first.map { Place(address: $0, ours: hosts.flatMap(addresses)) }
  }
}
