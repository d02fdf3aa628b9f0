import Topology

extension PlanBuilder {
  /// The hosts that maasc changes at all; the others are only looked at.
  var changedHosts: [HostID] { topology.hosts.map(\.id).filter { !changedComponents(of: $0).isEmpty } }

  /// What maasc changes on a host.
  func changedComponents(of host: HostID) -> [Manage.Component] {
    let roles = index.roles[host.index]
    var components: [Manage.Component] = []
    if roles.isController { components += [.maas] }
    if !roles.isDisjoint(with: [.postgresql, .etcd]) { components += [.postgresql] }
    if roles.contains(.haproxy) { components += [.haproxy, .keepalived] }
    if topology.firewall.isManaged, !roles.isEmpty, !roles.isOnlyVMHost { components += [.firewall] }
    return components.filter { topology.level(of: $0, on: host) == .full }
  }

  func isFull(_ component: Manage.Component, on host: HostID) -> Bool { topology.level(of: component, on: host) == .full }
}
