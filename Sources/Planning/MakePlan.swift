import Diagnostics
package import Topology

/// Plans the deployment of a topology that has no errors: each role in the order of a deployment, then the plan as a whole.
package func makePlan(_ topology: Topology) -> Plan {
  let builder = PlanBuilder(topology: topology)
  return builder.finish()
}

extension PlanBuilder {
  /// The plan, without the hosts that get nothing.
  fileprivate func finish() -> Plan {
    Plan(
      name: topology.name.value, topologyPath: topology.file.path, hosts: hosts.filter { !$0.roles.isEmpty }, steps: steps, flows: flows,
      secrets: secrets, runbooks: runbooks, cautions: cautions)
  }
}
