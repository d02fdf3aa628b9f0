/// GitLab's Code Quality report: an array of issues in Code Climate's form. GitLab shows only the description, so the rule stands in it.
enum GitLabReport {
  static func render(_ report: FindingsReport, rules: [RuleDescription], options: ReportOptions) -> String {
    var locator = Locator(report.sources)
    let names = Dictionary(rules.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let prints = fingerprints(of: report.diagnostics, in: report.sources, paths: options.paths)
    let issues = zip(report.diagnostics, prints).filter { $0.0.suppression == nil }.map { diagnostic, print in
      issue(diagnostic, names[diagnostic.rule], print, locator.locate(diagnostic.primary.span))
    }
    return JSON.array(issues).text() + "\n"
  }

  private static func issue(_ diagnostic: Diagnostic, _ name: String?, _ print: Fingerprint, _ location: Location?) -> JSON {
    [
      "type": "issue",
      "check_name": .string(diagnostic.rule.description),
      "description": .string("\(diagnostic.rule)\(name.map { " \($0)" } ?? ""): \(visible(diagnostic.message))"),
      "categories": ["Bug Risk"],
      "severity": .string(severity(diagnostic.severity)),
      "fingerprint": .string(print.digest),
      "location": [
        "path": .string(print.file),
        "lines": ["begin": .integer(location?.start.line ?? 1), "end": .integer(location?.end.line ?? 1)],
      ],
    ]
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "critical"
    case .warning: "major"
    case .hint: "info"
    }
  }
}
