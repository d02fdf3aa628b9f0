import Diagnostics
package import NetworkTypes

/// Look-ups that rules and planners share, built once in one pass; no rule scans all against all.
package struct TopologyIndex: Sendable {
  /// What a host does, by `HostID`.
  package private(set) var roles: [Roles]
  /// By `HostID`.
  package private(set) var region: [RegionID?]
  /// By `HostID`.
  package private(set) var rack: [RackID?]
  /// Every address that the file gives to a host (ignored interfaces apart), for look-ups only.
  private var owners = AddressTable<HostID>()
  /// By `VLANID`: the static addresses of hosts on it, in file order.
  package private(set) var residents = Grouped<Resident>()

  package struct Resident: Sendable {
    package var host: HostID
    package var address: IPAddress
  }

  package struct Roles: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let region = Roles(rawValue: 1)
    package static let rack = Roles(rawValue: 2)
    package static let postgresql = Roles(rawValue: 4)
    package static let haproxy = Roles(rawValue: 8)
    package static let etcd = Roles(rawValue: 16)
    package static let vmHost = Roles(rawValue: 32)
    package static let backup = Roles(rawValue: 64)
    package var isController: Bool { !isDisjoint(with: [.region, .rack]) }
    /// Nothing but a machine that runs virtual machines: maasc writes nothing there.
    package var isOnlyVMHost: Bool { self == .vmHost }
  }

  package init(_ topology: Topology) {
    roles = Array(repeating: [], count: topology.hosts.count)
    region = Array(repeating: nil, count: topology.hosts.count)
    rack = Array(repeating: nil, count: topology.hosts.count)
    addRoles(topology)
    addAddresses(topology)
  }

  /// Whether some address belongs to more than one host.
  package var hasSharedAddresses: Bool { owners.hasSharedAddresses }
  package func hosts(with address: IPAddress) -> [HostID] { owners.owners(of: address) }
  package func hosts(with role: Roles) -> [HostID] { roles.indices.filter { roles[$0].contains(role) }.map(HostID.init) }
  /// The static addresses of a host on a VLAN.
  package func addresses(of host: HostID, on vlan: VLANID) -> [IPAddress] {
    residents[vlan.index].filter { $0.host == host }.map(\.address)
  }

  /// The families of these addresses.
  package func families(of host: HostID, on vlan: VLANID) -> IPAddress.Families {
    var families = IPAddress.Families()
    for resident in residents[vlan.index] where resident.host == host { families.insert(resident.address.family) }
    return families
  }

  private mutating func addRoles(_ topology: Topology) {
    for item in topology.regions {
      roles[item.host.value.index].insert(.region)
      region[item.host.value.index] = item.id
    }
    for item in topology.racks {
      roles[item.host.value.index].insert(.rack)
      rack[item.host.value.index] = item.id
    }
    for item in topology.vmHosts { roles[item.host.value.index].insert(.vmHost) }
    for member in topology.postgresql.members { roles[member.value.index].insert(.postgresql) }
    if case .patroni(let patroni) = topology.postgresql.deployment {
      for member in patroni.etcd { roles[member.value.index].insert(.etcd) }
    }
    if case .haproxy(let haproxy) = topology.balancer {
      for host in haproxy.hosts { roles[host.value.index].insert(.haproxy) }
    }
    if case .ours(let backup)? = topology.backup?.kind { roles[backup.host.value.index].insert(.backup) }
  }

  private mutating func addAddresses(_ topology: Topology) {
    let subnets = SubnetTable(topology)
    var placed: [(group: Int, element: Resident)] = []
    placed.reserveCapacity(topology.hosts.count * 2)
    for position in topology.hosts.indices {
      let host = HostID(position)
      topology.hosts[position].forEachPlacedAddress { address, vlan in
        owners.insert(address, host)
        guard let place = vlan ?? subnets.vlan(of: address) else { return }
        // A host's own entries are the last ones.
        let own = placed.reversed().prefix { $0.element.host == host }
        if own.contains(where: { $0.group == place.index && $0.element.address == address }) { return }
        placed.append((place.index, Resident(host: host, address: address)))
      }
    }
    residents = Grouped(placed, groups: topology.vlans.count)
  }
}

extension Host {
  /// Every address of the host that is not on an ignored interface, with the VLAN that the file names for it, if any.
  package var placedAddresses: [(address: IPAddress, vlan: VLANID?)] {
    var result: [(address: IPAddress, vlan: VLANID?)] = []
    forEachPlacedAddress { result.append(($0, $1)) }
    return result
  }

  package func forEachPlacedAddress(_ body: (IPAddress, VLANID?) -> Void) {
    body(address.value, nil)
    for entry in vlanAddresses { body(entry.address.value, entry.vlan.value) }
    for interface in interfaces where !interface.ignore {
      for entry in interface.addresses { body(entry.value.address, interface.vlan?.value) }
    }
  }
}

/// Finds the VLAN that an address belongs to by its subnets, longest prefix first; one look-up for each prefix length in use.
struct SubnetTable {
  private var byLength: [(length: Int, family: IPAddress.Family, vlans: AddressTable<VLANID>)] = []

  init(_ topology: Topology) {
    for position in topology.vlans.indices {
      for network in topology.vlans[position].subnets.lazy.map(\.network.value) {
        let group = group(network.prefixLength, network.family)
        byLength[group].vlans.insert(network.address, VLANID(position))
      }
    }
    byLength.sort { $0.length > $1.length }
  }

  func vlan(of address: IPAddress) -> VLANID? {
    for group in byLength where group.family == address.family {
      if let vlan = group.vlans.lastOwner(of: IPNetwork(address, prefixLength: group.length).address) { return vlan }
    }
    return nil
  }

  private mutating func group(_ length: Int, _ family: IPAddress.Family) -> Int {
    if let known = byLength.firstIndex(where: { $0.length == length && $0.family == family }) { return known }
    byLength.append((length, family, AddressTable()))
    return byLength.count - 1
  }
}
