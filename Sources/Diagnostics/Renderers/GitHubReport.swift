/// Workflow commands that GitHub Actions shows as annotations. It shows ten of a kind; the worst ten are given, the rest is counted.
enum GitHubReport {
  private static let limit = 10

  static func render(_ report: FindingsReport, rules: [RuleDescription], options: ReportOptions) -> String {
    let findings = report.diagnostics.filter { $0.suppression == nil }
    let worst = findings.enumerated().sorted {
      ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
    }
    let titles = Dictionary(rules.map { ($0.id, "\($0.id) \($0.name)") }, uniquingKeysWith: { first, _ in first })
    var locator = Locator(report.sources)
    var lines = worst.prefix(limit).map { command($0.element, titles[$0.element.rule], options.paths, &locator) }
    let leftOut = max(0, findings.count - limit) + report.summary.leftOut
    if leftOut > 0 { lines.append("::notice title=maasc::\(plural(leftOut, "more finding")), see the step summary") }
    return (lines + [escaped(report.summary.line)]).joined(separator: "\n") + "\n"
  }

  private static func command(_ diagnostic: Diagnostic, _ title: String?, _ paths: RelativePaths, _ locator: inout Locator) -> String {
    let level = diagnostic.severity == .hint ? "notice" : diagnostic.severity.rawValue
    let remarks = diagnostic.notes.map { "note: \($0)" } + (diagnostic.help.map { ["help: \($0)"] } ?? [])
    let text = ([diagnostic.message] + remarks).joined(separator: "\n")
    let place = locator.locate(diagnostic.primary.span).map { properties($0, paths) } ?? []
    let all = (place + [("title", title ?? diagnostic.rule.description)]).map { "\($0.0)=\(escapedProperty($0.1))" }
    return "::\(level) \(all.joined(separator: ","))::\(escaped(text))"
  }

  /// Columns are heeded only where the place is within one line.
  private static func properties(_ location: Location, _ paths: RelativePaths) -> [(String, String)] {
    let lines = [("file", paths.path(location.path)), ("line", String(location.start.line)), ("endLine", String(location.end.line))]
    guard location.start.line == location.end.line else { return lines }
    return lines + [("col", String(location.start.utf16Column)), ("endColumn", String(location.end.utf16Column))]
  }

  /// Line feeds stay, as `%0A`; other control characters have no business in a log.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { replacing(visible(String($0)), ["%": "%25"]) }.joined(separator: "%0A")
  }

  private static func escapedProperty(_ text: String) -> String { replacing(visible(text), ["%": "%25", ":": "%3A", ",": "%2C"]) }

  private static func replacing(_ text: String, _ escapes: [Character: String]) -> String {
    text.reduce(into: "") { $0 += escapes[$1] ?? String($1) }
  }
}
