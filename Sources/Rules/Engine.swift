package import Diagnostics
package import Topology

/// The findings of all rules about one file, in the order of the rules.
package func check(_ topology: Topology) -> [Diagnostic] { check([topology]) }

/// The findings of all rules about each file and between the files, in the order of the rules; `read` are those that the reader made, of which
/// some give way to a rule that knows better what is wrong.
package func check(_ topologies: [Topology], read: [Diagnostic] = []) -> [Diagnostic] {
  check(topologies, by: Rule.all, read: read)
}

func check(_ topologies: [Topology], by rules: [Rule], read: [Diagnostic] = []) -> [Diagnostic] {
  let contexts = topologies.map { RuleContext($0) }
  var reporters = rules.map { Reporter($0) }
  let positions = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
  for diagnostic in read {
    if let position = positions[diagnostic.rule] { reporters[position].report(contentsOf: [diagnostic]) }
  }
  for context in contexts {
    for (position, found) in findings(rules, context).enumerated() { reporters[position].report(contentsOf: found) }
  }
  for (position, rule) in rules.enumerated() { rule.check.across(contexts, &reporters[position]) }
  let results = zip(rules, reporters).map { (rule: $0, diagnostics: $1.diagnostics) }.filter { !$0.diagnostics.isEmpty }
  let specific = PlacesByRule(results)
  return results.flatMap { result in
    result.rule.yieldsTo.isEmpty ? result.diagnostics : result.diagnostics.filter { !specific.cover($0, rules: result.rule.yieldsTo) }
  }
}

extension Rule.Check {
  fileprivate func across(_ contexts: [RuleContext], _ report: inout Reporter) {
    switch self {
    case .reading, .topology, .eachHost, .eachVLAN: break
    case .across(let body): body(contexts, &report)
    case .several(let checks): for check in checks { check.across(contexts, &report) }
    }
  }
}

/// What each rule says about one file. Where the version could not be read, a finding counts only if every version in the table gives it.
private func findings(_ rules: [Rule], _ context: RuleContext) -> [[Diagnostic]] {
  var found: [[Diagnostic]]?
  for version in context.possibleVersions {
    var walk = Walk(rules)
    walk.run(version)
    let diagnostics = walk.reporters.map(\.diagnostics)
    found = found.map { zip($0, diagnostics).map { earlier, later in earlier.filter(later.contains) } } ?? diagnostics
  }
  return found ?? []
}

/// One pass over a file for all rules together: each host and each VLAN is fetched once, however many rules look at it.
private struct Walk {
  private(set) var reporters: [Reporter]
  private var wholes: [(rule: Int, body: @Sendable (RuleContext, inout Reporter) -> Void)] = []
  private var hosts: [(rule: Int, body: @Sendable (Host, RuleContext, inout Reporter) -> Void)] = []
  private var vlans: [(rule: Int, body: @Sendable (VLAN, RuleContext, inout Reporter) -> Void)] = []

  init(_ rules: [Rule]) {
    reporters = rules.map { Reporter($0) }
    for (position, rule) in rules.enumerated() { add(rule.check, of: position) }
  }

  private mutating func add(_ check: Rule.Check, of rule: Int) {
    switch check {
    case .reading, .across: break
    case .topology(let body): wholes.append((rule, body))
    case .eachHost(let body): hosts.append((rule, body))
    case .eachVLAN(let body): vlans.append((rule, body))
    case .several(let checks): for check in checks { add(check, of: rule) }
    }
  }

  mutating func run(_ context: RuleContext) {
    for (rule, body) in wholes { body(context, &reporters[rule]) }
    for host in context.topology.hosts {
      for (rule, body) in hosts { body(host, context, &reporters[rule]) }
    }
    for vlan in context.topology.vlans {
      for (rule, body) in vlans { body(vlan, context, &reporters[rule]) }
    }
  }
}

/// Where the primary spans of each rule's findings begin, sorted.
private struct PlacesByRule {
  private var places: [RuleID: [UInt32]] = [:]

  init(_ results: [(rule: Rule, diagnostics: [Diagnostic])]) {
    let wanted = Set(results.flatMap(\.rule.yieldsTo))
    for result in results where wanted.contains(result.rule.id) {
      places[result.rule.id] = result.diagnostics.map(\.primary.span.lower).sorted()
    }
  }

  /// Whether one of `rules` fired inside a place that `diagnostic` names.
  func cover(_ diagnostic: Diagnostic, rules: [RuleID]) -> Bool {
    let spans = [diagnostic.primary.span] + diagnostic.secondary.map(\.span)
    return rules.contains { rule in
      guard let starts = places[rule] else { return false }
      return spans.contains { span in
        let first = starts.firstIndex(notBefore: span.lower)
        return first < starts.count && starts[first] < max(span.upper, span.lower + 1)
      }
    }
  }
}

extension [UInt32] {
  /// Binary search in a sorted array: the first position whose element is not below `value`.
  fileprivate func firstIndex(notBefore value: UInt32) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
