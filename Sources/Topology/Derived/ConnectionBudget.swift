import Diagnostics
package import MAASFacts

/// How many connections this installation can open, and what `max_connections` follows from it. Rules M402 and M403 and `auto` use this one value.
package struct ConnectionBudget: Sendable {
  /// Regions of one version with as many workers: 3 regions, 3.7, 4 workers.
  package struct Group: Sendable {
    package var count: Int
    package var version: MAASVersion
    package var workers: Int
    package var addends: [Connections.Addend]
    /// All processes of one region.
    package var perRegion: Int { addends.reduce(0) { $0 + $1.count } }
  }

  package var groups: [Group]
  /// What PostgreSQL keeps for superusers.
  package var reserved: Int
  /// `other_connections`.
  package var other: Int
  /// Room for a backup and a rolling upgrade.
  package var transient: Int

  /// What regiond alone can open, and what PostgreSQL reserves. Below it MAAS fails in ordinary use.
  package var floor: Int { groups.reduce(reserved) { $0 + $1.count * Connections.ofRegiond(workers: $1.workers) } }
  /// Everything that can be open at once.
  package var worstCase: Int { groups.reduce(reserved + other + transient) { $0 + $1.count * $1.perRegion } }
  /// What `max_connections: auto` gives: the worst case, up to a multiple of 50.
  package var proposed: Int { (worstCase + 49) / 50 * 50 }

  /// `3 regions × 10 × (4 workers + 1) + 3 reserved for superusers = 153`.
  package var equation: String {
    let regions = groups.map { "\(words($0)) × \(regiond($0))" }
    return (regions + [reservedWords]).joined(separator: " + ") + " = \(floor)"
  }

  /// The same with every process: what `worstCase` is made of.
  package var worstCaseEquation: String {
    let regions = groups.map { group in
      let others = group.addends.dropFirst().map { "\($0.count) \($0.name)" }
      return "\(words(group)) × " + (others.isEmpty ? regiond(group) : "(\(([regiond(group)] + others).joined(separator: " + ")))")
    }
    let rest = [reservedWords] + (other > 0 ? ["\(other) other"] : []) + ["\(transient) for backup and rolling upgrade"]
    return (regions + rest).joined(separator: " + ") + " = \(worstCase)"
  }

  private var reservedWords: String { "\(reserved) reserved for superusers" }
  private func words(_ group: Group) -> String { group.count == 1 ? "1 region" : "\(group.count) regions" }
  private func regiond(_ group: Group) -> String {
    "\(Connections.perProcess) × (\(group.workers) \(group.workers == 1 ? "worker" : "workers") + 1)"
  }
}

extension Topology {
  package func connectionBudget() -> ConnectionBudget {
    ConnectionBudget(
      groups: regionGroups, reserved: reservedConnections, other: postgresql.otherConnections?.value ?? 0, transient: Connections.transient)
  }

  /// The server's `max_connections`.
  package func maxConnections() -> Derived<Int> {
    let budget = connectionBudget()
    if case .external(let external) = postgresql.deployment, let given = external.maxConnections { return Derived(given: given) }
    if let written = postgresql.maxConnections, case .fixed(let count) = written.value { return Derived(given: written.map { _ in count }) }
    return Derived(budget.proposed, because: "\(budget.worstCaseEquation), up to a multiple of 50")
  }

  /// Regions that are alike stand together, in the order of the first of them.
  private var regionGroups: [ConnectionBudget.Group] {
    var groups: [ConnectionBudget.Group] = []
    for region in regions {
      let version = version(on: region.host.value).value.line
      let workers = numWorkers(of: region).value
      if let same = groups.firstIndex(where: { $0.version == version && $0.workers == workers }) {
        groups[same].count += 1
      } else {
        groups.append(.init(count: 1, version: version, workers: workers, addends: Connections.addends(version, workers: workers)))
      }
    }
    return groups
  }

  /// `superuser_reserved_connections`, and from PostgreSQL 16 `reserved_connections`, where the file sets them.
  private var reservedConnections: Int {
    if case .external(let external) = postgresql.deployment, let given = external.reservedConnections { return given.value }
    let parameter = { (name: String) in postgresql.parameters.first { $0.name.value == name }.flatMap { Int($0.value.value.text) } }
    return (parameter("superuser_reserved_connections") ?? Connections.reservedForSuperusers) + (parameter("reserved_connections") ?? 0)
  }
}
