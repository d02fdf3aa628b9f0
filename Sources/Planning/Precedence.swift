/// Steps and milestones as nodes of one graph: the steps under their numbers, then each milestone that a step reaches or waits for.
struct Precedence {
  private let stepCount: Int
  /// For each node, how many others it still waits for.
  private var waiting: [Int]
  private var followers: [[Int]]
  private var nodes: [Milestone: Int] = [:]

  init(steps: Int) {
    stepCount = steps
    waiting = Array(repeating: 0, count: steps)
    followers = Array(repeating: [], count: steps)
  }

  mutating func node(of milestone: Milestone) -> Int {
    if let node = nodes[milestone] { return node }
    let node = waiting.count
    nodes[milestone] = node
    waiting.append(0)
    followers.append([])
    for earlier in milestone.included { require(self.node(of: earlier), before: node) }
    return node
  }

  mutating func require(_ node: Int, before follower: Int) {
    followers[node].append(follower)
    waiting[follower] += 1
  }

  /// The steps that wait for nothing.
  mutating func start() -> [Int] {
    var steps: [Int] = []
    for node in waiting.indices.filter({ waiting[$0] == 0 }) {
      if node < stepCount { steps.append(node) } else { steps += finish(node) }
    }
    return steps
  }

  /// The steps that wait for nothing more once `node` is done. Milestones are reached in passing.
  mutating func finish(_ node: Int) -> [Int] {
    var freed: [Int] = []
    var finished = [node]
    while let node = finished.popLast() {
      for follower in followers[node] {
        waiting[follower] -= 1
        if waiting[follower] > 0 { continue }
        if follower < stepCount { freed.append(follower) } else { finished.append(follower) }
      }
    }
    return freed
  }
}
