import Planning

/// What a step comes after, told in few words: hundreds of racks that wait for hundreds of networks make a list that nobody reads, and that
/// changes everywhere when one of them is added.
///
/// `*/preflight-*` stands for every step of a phase, `*/rack-register` for the steps of that name on all hosts, `infra-1/networks-*` for a
/// host's steps of a phase. A pattern is used only where every step that it means is done before.
struct Predecessors {
  private var patterns: [StepID: [String]] = [:]
  private var sizes: [String: Int] = [:]
  /// By pattern, the milestones that its steps reach; nil among them for a step that reaches none.
  private var reached: [String: Set<Milestone?>] = [:]
  private var members: [Milestone: [StepID]] = [:]
  private var namesByMilestone: [Milestone: [String]] = [:]

  init(_ steps: [Step]) {
    for step in steps {
      let own = Self.patterns(step)
      patterns[step.id] = own
      for pattern in own {
        sizes[pattern, default: 0] += 1
        reached[pattern, default: []].insert(step.reaches)
      }
      if let milestone = step.reaches { members[milestone, default: []].append(step.id) }
    }
    // Once for each milestone, however many steps wait for it.
    for step in steps {
      for case .milestone(let milestone) in step.after { makeNames(milestone) }
    }
  }

  /// Patterns and ids, in the order of what they first stand for.
  func names(of step: Step) -> [String] {
    var names: [String] = []
    var explicit: [StepID] = []
    for needed in step.after {
      switch needed {
      case .milestone(let milestone): names += namesByMilestone[milestone] ?? []
      case .step(let id): explicit.append(id)
      }
    }
    return unique(names + self.names(of: explicit))
  }

  /// Of a milestone that no step reaches, those that it includes.
  @discardableResult
  private mutating func makeNames(_ milestone: Milestone) -> [String] {
    if let names = namesByMilestone[milestone] { return names }
    let names: [String]
    if let members = members[milestone] {
      var done: Set<Milestone?> = []
      include(milestone, in: &done)
      names = self.names(of: members) { reached[$0]?.isSubset(of: done) ?? false }
    } else {
      names = unique(milestone.included.flatMap { makeNames($0) })
    }
    namesByMilestone[milestone] = names
    return names
  }

  private func include(_ milestone: Milestone, in done: inout Set<Milestone?>) {
    guard done.insert(milestone).inserted else { return }
    for earlier in milestone.included { include(earlier, in: &done) }
  }

  private func names(of steps: [StepID]) -> [String] {
    if steps.count < 2 { return steps.map(\.description) }
    var counts: [String: Int] = [:]
    for step in steps { for pattern in patterns[step] ?? [] { counts[pattern, default: 0] += 1 } }
    return names(of: steps) { counts[$0] == sizes[$0] }
  }

  private func names(of steps: [StepID], where isDone: (String) -> Bool) -> [String] {
    unique(steps.map { step in patterns[step]?.first { sizes[$0] != 1 && isDone($0) } ?? step.description })
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// From the widest to the narrowest.
  private static func patterns(_ step: Step) -> [String] {
    ["*/\(step.phase.rawValue)-*", "*/\(step.phase.rawValue)-\(step.name)", "\(step.id.host)/\(step.phase.rawValue)-*"]
  }
}
