import Diagnostics
import NetworkTypes
package import Topology

/// What the role planners share: the topology, the values in force, and the plan that grows.
///
/// A role planner is a function `static func plan(_ builder: inout PlanBuilder)` in `Roles/<Role>.swift`, called by `makePlan` in the order of
/// a deployment. It adds files, packages, services and probes to hosts, and steps to the graph. What other roles did it knows
/// by the milestones that they reach, never by the names of their steps.
package struct PlanBuilder: Sendable {
  package let topology: Topology
  package let index: TopologyIndex
  package var hosts: [HostPlan]
  /// What listens on each host, by `HostID`.
  package let sockets: [[BoundSocket]]
  /// Every flow that the topology needs.
  package let flows: [Flow]
  /// The same by the host that they begin at and end at: each host's filter and preflight would else look at those of all hosts.
  package let flowsFrom: [[Flow]]
  package let flowsTo: [[Flow]]
  package var steps = StepGraph()
  package var secrets: [SecretNeed] = []
  package var runbooks: [Runbook] = []
  package var cautions: [String] = []

  package init(topology: Topology) {
    self.topology = topology
    let index = TopologyIndex(topology)
    self.index = index
    sockets = topology.hosts.map { topology.sockets(on: $0.id, index) }
    let flows = topology.flows(index)
    self.flows = flows
    flowsFrom = Self.byHost(flows, \.from, topology.hosts.count)
    flowsTo = Self.byHost(flows, \.to, topology.hosts.count)
    hosts = topology.hosts.map { HostPlan(id: $0.id, name: $0.name.value.description, address: $0.address.value, ssh: $0.ssh) }
  }

  private static func byHost(_ flows: [Flow], _ end: (Flow) -> Flow.End, _ count: Int) -> [[Flow]] {
    var result = [[Flow]](repeating: [], count: count)
    for flow in flows { if case .host(let host) = end(flow) { result[host.index].append(flow) } }
    return result
  }

  package subscript(host: HostID) -> HostPlan {
    get { hosts[host.index] }
    set { hosts[host.index] = newValue }
  }

  /// Adds a step; `milestone` is not reached before it is done.
  @discardableResult
  package mutating func add(_ step: Step, reaching milestone: Milestone? = nil) -> StepID {
    var step = step
    step.reaches = milestone
    return steps.add(step)
  }

  /// Milestones as what a step waits for; each stands for those that it includes.
  package func after(_ milestones: Milestone...) -> [Predecessor] { milestones.map(Predecessor.milestone) }

  /// Header lines of a file that comes from `keyPath`.
  package func header(_ keyPath: String) -> [String] {
    [
      "Compiled by maasc from \(topology.file.name), key \(keyPath).",
      "Edit the topology and compile again; edits made here are found by verify.sh and lost.",
    ]
  }

  /// Names a declared secret as needed by some step, and returns its name.
  @discardableResult
  package mutating func need(_ id: SecretID, charset: SecretNeed.Charset = .any) -> String {
    let secret = topology[id]
    if let index = secrets.firstIndex(where: { $0.name == secret.name.value }) {
      if charset != .any { secrets[index].charset = charset }
    } else {
      secrets.append(
        SecretNeed(
          name: secret.name.value, source: .declared(secret.source), reader: secret.reader, perHost: secret.perHost, charset: charset))
    }
    return secret.name.value
  }
}
