import Planning

/// What a step comes after, told in few words: hundreds of racks that wait for hundreds of networks make a list that nobody reads, and that
/// changes everywhere when one of them is added.
///
/// `*/preflight-*` stands for every step of a phase, `*/rack-register` for the steps of that name on all hosts, `infra-1/networks-*` for a
/// host's steps of a phase. A pattern is used only where every step that it means is meant.
struct Predecessors {
  private var sizes: [String: Int] = [:]
  private var patterns: [StepID: [String]] = [:]
  private var namesByStep: [StepID: [String]] = [:]

  init(_ steps: [Step]) {
    for step in steps {
      let own = Self.patterns(step)
      patterns[step.id] = own
      for pattern in own { sizes[pattern, default: 0] += 1 }
    }
    // Once for each step: its script and steps.json both tell it.
    for step in steps { namesByStep[step.id] = makeNames(step) }
  }

  /// Patterns and ids, in the order of what they first stand for.
  func names(of step: Step) -> [String] { namesByStep[step.id] ?? [] }

  private func makeNames(_ step: Step) -> [String] {
    var seen: Set<StepID> = []
    let before = step.after.filter { seen.insert($0).inserted && patterns[$0] != nil }
    var counts: [String: Int] = [:]
    for other in before {
      for pattern in patterns[other] ?? [] { counts[pattern, default: 0] += 1 }
    }
    var names: [String] = []
    var used: Set<String> = []
    for other in before {
      let name = patterns[other]?.first { counts[$0] == sizes[$0] && (sizes[$0] ?? 0) > 1 } ?? other.description
      if used.insert(name).inserted { names.append(name) }
    }
    return names
  }

  /// From the widest to the narrowest.
  private static func patterns(_ step: Step) -> [String] {
    ["*/\(step.phase.rawValue)-*", "*/\(step.phase.rawValue)-\(step.name)", "\(step.hostName)/\(step.phase.rawValue)-*"]
  }
}
