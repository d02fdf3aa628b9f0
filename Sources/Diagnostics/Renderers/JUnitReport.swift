/// Findings as failed tests, in the dialect that GitLab and Jenkins read. A clean run is one passed test, so that the report is never empty.
enum JUnitReport {
  static func render(_ report: FindingsReport, rules: [RuleDescription], options: ReportOptions) -> String {
    var cases = JUnitCases(report, rules: rules, options: options)
    var lines = report.diagnostics.flatMap { cases.lines($0) }
    if lines.isEmpty { lines = ["    <testcase classname=\"maasc\" name=\"check\"/>"] }
    let skipped = report.diagnostics.count { $0.suppression != nil }
    let failures = report.diagnostics.count - skipped
    let counts = "tests=\"\(max(1, report.diagnostics.count))\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\""
    let head = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"maasc\" \(counts)>", "  <testsuite name=\"maasc\" \(counts)>"]
    return (head + lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
  }
}

private struct JUnitCases {
  private var text: TextReport
  private var locator: Locator
  private let paths: RelativePaths
  private let ruleNames: [RuleID: String]
  /// GitLab keeps only the first of equal names.
  private var uses: [String: Int] = [:]

  init(_ report: FindingsReport, rules: [RuleDescription], options: ReportOptions) {
    var plain = options
    plain.isColored = false
    text = TextReport(report.sources, options: plain)
    locator = Locator(report.sources)
    paths = options.paths
    ruleNames = Dictionary(rules.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func lines(_ diagnostic: Diagnostic) -> [String] {
    let suite = ruleNames[diagnostic.rule].map { "\(diagnostic.rule) \($0)" } ?? diagnostic.rule.description
    let location = locator.locate(diagnostic.primary.span)
    let file = location.map { " file=\"\(xml(paths.path($0.path)))\"" } ?? ""
    return ["    <testcase classname=\"\(xml(suite))\" name=\"\(xml(name(diagnostic, location)))\"\(file)>"]
      + body(diagnostic) + ["    </testcase>"]
  }

  private mutating func name(_ diagnostic: Diagnostic, _ location: Location?) -> String {
    let place = location.map { " \(paths.path($0.path)):\($0.start.line):\($0.start.utf16Column)" } ?? ""
    let name = "\(diagnostic.rule)\(place)"
    let use = uses[name, default: 0] + 1
    uses[name] = use
    return use == 1 ? name : "\(name) (\(use))"
  }

  private mutating func body(_ diagnostic: Diagnostic) -> [String] {
    if let reason = diagnostic.suppression { return ["      <skipped message=\"\(xml(reason))\"/>"] }
    let head = "      <failure type=\"\(diagnostic.severity.rawValue)\" message=\"\(xml(diagnostic.message))\">"
    return ["\(head)\(text.block(diagnostic).map(xml).joined(separator: "\n"))</failure>"]
  }
}

/// XML 1.0 has no way to write most control characters: they become signs.
private func xml(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) && !"&<>\"".utf8.contains($0) }
  if isPlain { return text }
  return visible(text).unicodeScalars.reduce(into: "") { escaped, scalar in
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
}
