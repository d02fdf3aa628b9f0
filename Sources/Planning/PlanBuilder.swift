import Diagnostics
import NetworkTypes
package import Topology

/// What the role planners share: the topology, the values in force, and the plan that grows.
///
/// A role planner is a function `static func plan(_ builder: inout PlanBuilder)` in `Roles/<Role>.swift`, called by `makePlan` in the order of
/// a deployment. It adds files, packages, services and probes to hosts, and steps to the graph. It finds what other roles did through
/// `milestones`, never by guessing the name of their steps.
package struct PlanBuilder: Sendable {
  package let topology: Topology
  package let index: TopologyIndex
  package var hosts: [HostPlan]
  /// Every flow that the topology needs.
  package let flows: [Flow]
  package var steps = StepGraph()
  package var secrets: [SecretNeed] = []
  package var runbooks: [Runbook] = []
  package var cautions: [String] = []
  private var milestones: [Milestone: [StepID]] = [:]

  /// What later phases wait for.
  package enum Milestone: Hashable, Sendable {
    /// Preflight and conflicting software done on every host.
    case ready
    /// What must be on a host before its packages are installed.
    case beforePackages(HostID)
    case packages(HostID)
    /// etcd has a quorum.
    case lockStore
    /// The database answers at the endpoint that regions use (after the balancer, where the endpoint is HAProxy).
    case databaseServer
    case balancer
    case databaseEndpoint
    case firstRegion
    case allRegions
    case held
    case networks
    case racks
    case dhcp
    case images
    case vault
    case tls
    case firewall
    case backup
  }

  package init(topology: Topology) {
    self.topology = topology
    index = TopologyIndex(topology)
    flows = topology.flows(index)
    hosts = topology.hosts.map { HostPlan(id: $0.id, name: $0.name.value.description, address: $0.address.value, ssh: $0.ssh) }
  }

  package subscript(host: HostID) -> HostPlan {
    get { hosts[host.index] }
    set { hosts[host.index] = newValue }
  }

  /// Adds a step; it also counts as one of those that reach `milestone`.
  @discardableResult
  package mutating func add(_ step: Step, reaching milestone: Milestone? = nil) -> StepID {
    let id = steps.add(step)
    if let milestone { milestones[milestone, default: []].append(id) }
    return id
  }

  /// Counts a step that is added later as one of those that reach `milestone`.
  package mutating func reach(_ milestone: Milestone, with step: StepID) { milestones[milestone, default: []].append(step) }

  /// The steps that reach a milestone; empty where no role had anything to do for it.
  package func steps(reaching milestone: Milestone) -> [StepID] { milestones[milestone] ?? [] }
  /// The steps of the nearest earlier milestones that have any.
  package func after(_ milestones: Milestone...) -> [StepID] { milestones.flatMap { steps(reaching: $0) } }

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
