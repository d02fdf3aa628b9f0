import Topology

/// All steps of all hosts and what must come before what.
package struct StepGraph: Sendable {
  package private(set) var steps: [Step] = []
  private var positions: [StepID: Int] = [:]

  package init() {}

  package subscript(id: StepID) -> Step? { positions[id].map { steps[$0] } }

  /// Adds a step; a second step of the same id replaces nothing and is a programming error that `waves()` reports.
  @discardableResult
  package mutating func add(_ step: Step) -> StepID {
    if positions[step.id] == nil { positions[step.id] = steps.count }
    steps.append(step)
    return step.id
  }

  /// A plan that cannot be ordered: a bug of a planner, never of the user.
  package enum Flaw: Error, Hashable, Sendable {
    case cycle([StepID])
    case unknown(StepID, neededBy: StepID)
    case twice(StepID)
  }

  /// Waves of steps: each wave needs only earlier ones, and holds at most one step of a host. Stable: ties by phase, then by order of adding.
  package func waves() throws(Flaw) -> [[Step]] {
    var precedence = try precedence()
    var ready = ReadySteps(steps)
    for step in precedence.start() { ready.add(step) }
    var done = Array(repeating: false, count: steps.count)
    var waves: [[Step]] = []
    while true {
      let wave = ready.next()
      if wave.isEmpty { break }
      for step in wave {
        done[step] = true
        for follower in precedence.finish(step) { ready.add(follower) }
      }
      waves.append(wave.map { steps[$0] })
    }
    guard done.allSatisfy({ $0 }) else { throw .cycle(steps.indices.filter { !done[$0] }.map { steps[$0].id }) }
    return waves
  }

  /// Every step, in an order that respects what must come before.
  package func ordered() throws(Flaw) -> [Step] { try waves().flatMap { $0 } }

  private func precedence() throws(Flaw) -> Precedence {
    if positions.count != steps.count {
      var seen: Set<StepID> = []
      for step in steps where !seen.insert(step.id).inserted { throw .twice(step.id) }
    }
    var precedence = Precedence(steps: steps.count)
    for index in steps.indices {
      if let milestone = steps[index].reaches { precedence.require(index, before: precedence.node(of: milestone)) }
      for needed in steps[index].after {
        switch needed {
        case .milestone(let milestone): precedence.require(precedence.node(of: milestone), before: index)
        case .step(let id):
          guard let position = positions[id] else { throw .unknown(id, neededBy: steps[index].id) }
          precedence.require(position, before: index)
        }
      }
    }
    return precedence
  }
}

/// The steps that may run next, by host.
private struct ReadySteps {
  /// By host, the first to run at the end: a step's number, below its phase, so that a host does what comes first in a deployment first.
  private var queues: [[Int]]
  /// Whose queues are not empty.
  private var hosts: [Int] = []
  private let hostOf: [Int]
  private let rankOf: [Int]

  init(_ steps: [Step]) {
    hostOf = steps.map(\.host.index)
    let ranks = steps.map(\.phase.rank)
    rankOf = ranks.enumerated().map { $0.element * steps.count + $0.offset }
    queues = Array(repeating: [], count: (hostOf.max() ?? -1) + 1)
  }

  mutating func add(_ step: Int) {
    let host = hostOf[step]
    if queues[host].isEmpty { hosts.append(host) }
    let position = queues[host].partitioningIndex { rankOf[$0] < rankOf[step] }
    queues[host].insert(step, at: position)
  }

  /// One step of each host that has any.
  mutating func next() -> [Int] {
    var wave: [Int] = []
    var left: [Int] = []
    for host in hosts {
      if let step = queues[host].popLast() { wave.append(step) }
      if !queues[host].isEmpty { left.append(host) }
    }
    hosts = left
    return wave.sorted { rankOf[$0] < rankOf[$1] }
  }
}

extension [Int] {
  /// Where the elements of a sorted array begin for which `belongs` is true.
  fileprivate func partitioningIndex(_ belongs: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
