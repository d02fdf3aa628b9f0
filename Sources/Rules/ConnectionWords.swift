import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Topology {
  /// The limit that the file sets, where it sets a number.
  var connectionLimit: Located<Int>? {
    let limit = maxConnections()
    return limit.span.map { Located(limit.value, at: $0) }
  }

  /// With MAAS' own number of workers where the file gives one that is not allowed: that is M401's, and must not make other numbers wrong.
  var withLegalWorkers: Topology {
    var copy = self
    for region in regions {
      guard let workers = region.numWorkers?.value, workers < 1 || workers > Workers.most else { continue }
      copy.regions[region.id.index].numWorkers = nil
    }
    return copy
  }

  func limitAdvice(_ budget: ConnectionBudget) -> String {
    if case .external = postgresql.deployment { return "have the server's max_connections raised to \(budget.proposed), then say so here" }
    return "set max_connections: \(budget.proposed), or auto"
  }

  /// Certain only where maasc writes the value.
  func limitFix(_ budget: ConnectionBudget) -> [TextEdit] {
    guard case .fixed? = postgresql.maxConnections?.value, let place = connectionLimit?.span else { return [] }
    return [TextEdit(place, "\(budget.proposed)")]
  }
}

extension ConnectionBudget {
  /// ` with API server and Temporal`, the programs beside regiond that open connections; empty before 3.5.
  var companions: String {
    var names: [String] = []
    for addend in groups.flatMap({ $0.addends.dropFirst() }) where addend.name != "Temporal worker" && !names.contains(addend.name) {
      names.append(addend.name)
    }
    return names.isEmpty ? "" : " with " + names.listed
  }
}

extension Topology {
  /// One label for the regions that open as many connections: at the first of them, naming the others.
  func regionConnections(_ count: (Int) -> Int) -> [Label] {
    var groups: [(workers: Int, regions: [Region])] = []
    for region in regions {
      let workers = numWorkers(of: region).value
      if let known = groups.firstIndex(where: { $0.workers == workers }) {
        groups[known].regions.append(region)
      } else {
        groups.append((workers, [region]))
      }
    }
    return groups.compactMap { group in
      guard let first = group.regions.first else { return nil }
      let place = first.numWorkers.map { file.entry("num_workers", $0.span) } ?? first.host.span
      let others = group.regions.dropFirst().map { self[$0.host.value].name.value.description }.listed
      return Label(place, count(group.workers).counted("connection") + (others.isEmpty ? "" : ", like \(others)"))
    }
  }
}
