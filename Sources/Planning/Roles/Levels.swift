import Diagnostics
import Topology

extension PlanBuilder {
  /// The hosts that maasc changes anything on or through; the others are only looked at.
  var changedHosts: [HostID] {
    let speaker = topology.level(of: .networks) == .full ? topology.regions.first?.host.value : nil
    return topology.hosts.map(\.id).filter { host in
      let keepsBackups = index.roles[host.index].contains(.backup) && backupLevel(on: host) == .full
      return host == speaker || keepsBackups || components(of: host).contains { topology.level(of: $0, on: host) == .full }
    }
  }

  /// Hosts with nothing but `manage: none` are no part of the plan.
  func isLeftAlone(_ host: HostID) -> Bool {
    let keepsBackups = index.roles[host.index].contains(.backup) && backupLevel(on: host) != .none
    return !keepsBackups && components(of: host).allSatisfy { topology.level(of: $0, on: host) == .none }
  }

  /// The backup is no component: it follows what is said of all.
  func backupLevel(on host: HostID) -> Manage.Level {
    topology[host].manage?.fallback?.value ?? topology.manage.fallback?.value ?? .full
  }

  /// What a socket's service belongs to; nil for somebody else's.
  func component(ofService service: String) -> Manage.Component? {
    switch service {
    case "MAAS": .maas
    case "HAProxy": .haproxy
    case "etcd", "Patroni", "PostgreSQL", "PostgreSQL's role check": .postgresql
    default: nil
    }
  }

  private func components(of host: HostID) -> [Manage.Component] {
    let roles = index.roles[host.index]
    var components: [Manage.Component] = []
    if roles.isController { components += [.maas] }
    if !roles.isDisjoint(with: [.postgresql, .etcd]) { components += [.postgresql] }
    if roles.contains(.haproxy) { components += [.haproxy, .keepalived] }
    if topology.firewall.isManaged, !roles.isEmpty, !roles.isOnlyVMHost { components += [.firewall] }
    return components
  }

  func isFull(_ component: Manage.Component, on host: HostID) -> Bool { topology.level(of: component, on: host) == .full }
}
