/// What is counted under the findings.
package struct FindingsSummary: Hashable, Sendable {
  package var errors = 0
  package var warnings = 0
  package var hints = 0
  package var files = 0
  /// Findings with an edit that `--fix` would apply.
  package var fixable = 0
  /// Findings that only followed from another one.
  package var followOn = 0
  package var suppressed = 0
  /// Findings that the baseline knows.
  package var baselined = 0
  /// Findings beyond `--max-findings`.
  package var leftOut = 0

  package init() {}
}

/// All that a renderer needs.
package struct FindingsReport: Sendable {
  package let sources: SourceMap
  /// Sorted by place, each defect once; suppressed findings are among them, marked.
  package let diagnostics: [Diagnostic]
  package let summary: FindingsSummary

  package var hasFindings: Bool { summary.errors + summary.warnings + summary.hints > 0 }

  /// The worst severity that is not suppressed, also among those left out; nil without findings.
  package var worst: Severity? {
    if summary.errors > 0 { return .error }
    if summary.warnings > 0 { return .warning }
    return summary.hints > 0 ? .hint : nil
  }

  /// The same with the worst `limit` findings; the others are only counted.
  package func limited(to limit: Int) -> FindingsReport {
    let shown = theWorst(diagnostics, limit: limit)
    var summary = summary
    summary.leftOut += diagnostics.count - shown.count
    return FindingsReport(sources: sources, diagnostics: shown, summary: summary)
  }
}

/// Sorts by place, then rule; makes findings about one defect one; keeps the worst `limit` (all with nil) and counts the rest.
/// `files` is the number of topologies where the source map holds other files too.
package func finalize(
  _ diagnostics: [Diagnostic], in sources: SourceMap, files: Int? = nil, followOn: Int = 0, baselined: Int = 0, limit: Int? = 100
) -> FindingsReport {
  let all = sortedUnique(diagnostics, in: sources)
  var summary = FindingsSummary()
  for diagnostic in all where diagnostic.suppression == nil {
    switch diagnostic.severity {
    case .error: summary.errors += 1
    case .warning: summary.warnings += 1
    case .hint: summary.hints += 1
    }
    if !diagnostic.fix.isEmpty { summary.fixable += 1 }
  }
  summary.files = files ?? sources.files.count
  summary.followOn = followOn
  summary.suppressed = all.count { $0.suppression != nil }
  summary.baselined = baselined
  let report = FindingsReport(sources: sources, diagnostics: all, summary: summary)
  return limit.map { report.limited(to: $0) } ?? report
}

/// The findings sorted by place, then rule, then text, without repetitions.
///
/// A defect inside an anchor is seen at each alias. It stays one finding, at its first place; the other uses become secondary places.
package func sortedUnique(_ diagnostics: [Diagnostic], in sources: SourceMap) -> [Diagnostic] {
  let placed = diagnostics.map { PlacedDiagnostic($0, in: sources) }.sorted(by: <)
  var unique = Uniqueness(hasAliases: placed.contains { $0.place?.definitions.isEmpty == false })
  for item in placed { unique.add(item) }
  return unique.kept
}

private func theWorst(_ diagnostics: [Diagnostic], limit: Int) -> [Diagnostic] {
  guard diagnostics.count > limit else { return diagnostics }
  var room = max(limit, 0)
  var chosen = diagnostics.map { $0.suppression != nil }
  for severity in Severity.allCases.sorted(by: >) {
    for (index, diagnostic) in diagnostics.enumerated() where room > 0 && !chosen[index] && diagnostic.severity == severity {
      chosen[index] = true
      room -= 1
    }
  }
  return zip(diagnostics, chosen).filter(\.1).map(\.0)
}

private struct PlacedDiagnostic: Comparable {
  var diagnostic: Diagnostic
  let place: SourceMap.Place?

  init(_ diagnostic: Diagnostic, in sources: SourceMap) {
    self.diagnostic = diagnostic
    place = sources.resolve(diagnostic.primary.span)
  }

  /// Findings without a place stand last.
  private var key: (UInt32, UInt32, UInt16) { (place?.span.lower ?? .max, place?.span.upper ?? .max, diagnostic.rule.number) }

  static func < (left: Self, right: Self) -> Bool {
    left.key == right.key ? left.diagnostic.message < right.diagnostic.message : left.key < right.key
  }
  static func == (left: Self, right: Self) -> Bool { left.diagnostic == right.diagnostic }
}

private struct Uniqueness {
  var kept: [Diagnostic] = []
  /// Without aliases no two findings are one defect, and none has to be looked up.
  private let hasAliases: Bool
  private var indexOfDefect: [Defect: Int] = [:]

  private struct Defect: Hashable {
    var rule: RuleID
    var definition: Span
    var isSuppressed: Bool
  }

  init(hasAliases: Bool) { self.hasAliases = hasAliases }

  mutating func add(_ item: PlacedDiagnostic) {
    let diagnostic = item.diagnostic
    let definition = item.place?.definitions.last
    if hasAliases {
      let defect = Defect(
        rule: diagnostic.rule, definition: definition ?? diagnostic.primary.span, isSuppressed: diagnostic.suppression != nil)
      if definition != nil, let index = indexOfDefect[defect] {
        kept[index].secondary.append(Label(diagnostic.primary.span, "also used here"))
        return
      }
      indexOfDefect[defect] = indexOfDefect[defect] ?? kept.count
    }
    // In their order a repetition follows at once.
    if definition == nil, let last = kept.last, repeats(diagnostic, last) { return }
    kept.append(diagnostic)
  }

  private func repeats(_ one: Diagnostic, _ other: Diagnostic) -> Bool {
    one.rule == other.rule && one.primary.span == other.primary.span && one.message == other.message
      && (one.suppression == nil) == (other.suppression == nil)
  }
}
