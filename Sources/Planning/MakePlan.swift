import Diagnostics
package import Topology

/// Plans the deployment of a topology that has no errors: each role in the order of a deployment, then the plan as a whole.
package func makePlan(_ topology: Topology) -> Plan {
  var builder = PlanBuilder(topology: topology)
  builder.nameRoles()
  builder.nameSockets()
  Preflight.plan(&builder)
  MAASSoftwareRole.plan(&builder)
  SysctlRole.plan(&builder)
  EtcdRole.plan(&builder)
  PostgreSQLRole.plan(&builder)
  PatroniRole.plan(&builder)
  HAProxyRole.plan(&builder)
  KeepalivedRole.plan(&builder)
  DatabaseEndpointRole.plan(&builder)
  RegionRole.plan(&builder)
  HoldRole.plan(&builder)
  NetworksRole.plan(&builder)
  RackRole.plan(&builder)
  DHCPRole.plan(&builder)
  ImagesRole.plan(&builder)
  VaultRole.plan(&builder)
  TLSRole.plan(&builder)
  FirewallRole.plan(&builder)
  BackupRole.plan(&builder)
  AcceptanceRole.plan(&builder)
  PackagesRole.plan(&builder)
  return builder.finish()
}

extension PlanBuilder {
  /// What each host is, for people.
  fileprivate mutating func nameRoles() {
    let names: [(TopologyIndex.Roles, String)] = [
      (.region, "region"), (.rack, "rack"), (.postgresql, "postgresql"), (.etcd, "etcd"), (.haproxy, "haproxy"), (.backup, "backup"),
      (.vmHost, "vm_host"),
    ]
    for host in hosts.indices {
      hosts[host].roles = names.filter { index.roles[host].contains($0.0) }.map(\.1)
    }
  }

  fileprivate mutating func nameSockets() {
    for host in hosts.indices {
      let id = hosts[host].id
      hosts[host].sockets = sockets[host].filter { socket in
        guard let component = component(ofService: socket.service) else { return true }
        return topology.level(of: component, on: id) != .none
      }
    }
  }

  /// The plan, without the hosts that nothing concerns.
  fileprivate func finish() -> Plan {
    let places = FlowPlaces(topology, sockets)
    return Plan(
      name: topology.name.value, summary: summary, topologyPath: topology.file.name, hosts: hosts.filter { isConcerned($0) }, steps: steps,
      flows: flows.map { PlannedFlow($0, places) }, secrets: neededSecrets, runbooks: runbooks, cautions: cautions)
  }

  private func isConcerned(_ host: HostPlan) -> Bool {
    let roles = index.roles[host.id.index]
    return !roles.isEmpty && !roles.isOnlyVMHost && !isLeftAlone(host.id)
  }

  /// A file that is only compared names its secrets too, but nobody is asked for them.
  private var neededSecrets: [SecretNeed] {
    let used = Set(steps.steps.flatMap(\.secrets))
    return secrets.filter { used.contains($0.name) }
  }
}
