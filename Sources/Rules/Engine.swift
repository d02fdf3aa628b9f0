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
  var results: [(rule: Rule, diagnostics: [Diagnostic])] = []
  for rule in rules {
    let found = read.filter { $0.rule == rule.id } + rule.findings(contexts)
    if !found.isEmpty { results.append((rule, found)) }
  }
  let specific = PlacesByRule(results)
  return results.flatMap { result in
    result.rule.yieldsTo.isEmpty ? result.diagnostics : result.diagnostics.filter { !specific.cover($0, rules: result.rule.yieldsTo) }
  }
}

extension Rule {
  fileprivate func findings(_ contexts: [RuleContext]) -> [Diagnostic] {
    var reporter = Reporter(self)
    switch check {
    case .reading: break
    case .topology(let body): for context in contexts { reporter.report(contentsOf: findings(body, context)) }
    case .across(let body): body(contexts, &reporter)
    }
    return reporter.diagnostics
  }
}

extension Rule {
  /// Where the version could not be read, a finding counts only if every version in the table gives it.
  private func findings(_ body: (RuleContext, inout Reporter) -> Void, _ context: RuleContext) -> [Diagnostic] {
    var found: [Diagnostic]?
    for version in context.possibleVersions {
      var reporter = Reporter(self)
      body(version, &reporter)
      let diagnostics = reporter.diagnostics
      found = found?.filter(diagnostics.contains) ?? diagnostics
    }
    return found ?? []
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
