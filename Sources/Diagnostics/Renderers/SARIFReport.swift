/// Findings in SARIF 2.1.0 (OASIS), with what GitHub code scanning asks for beyond it.
enum SARIFReport {
  static func render(_ report: FindingsReport, rules: [RuleDescription], options: ReportOptions) -> String {
    let document: JSON = [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [run(report, rules, options)],
    ]
    return document.text() + "\n"
  }

  private static func run(_ report: FindingsReport, _ rules: [RuleDescription], _ options: ReportOptions) -> JSON {
    var writer = SARIFResults(report, rules: rules, paths: options.paths)
    return [
      "tool": ["driver": driver(rules, options)],
      "automationDetails": ["id": .string(category(report.sources.files.prefix(report.summary.files).map(\.path), options.paths))],
      "invocations": [invocation(report.summary)],
      "columnKind": "utf16CodeUnits",
      "results": .array(report.diagnostics.map { writer.result($0) }),
    ]
  }

  /// What tells this run from others over the same commit, up to the last slash: the files of one topology, or of one folder, so that
  /// a job for each does not replace the findings of its neighbours.
  private static func category(_ files: [String], _ paths: RelativePaths) -> String {
    let names = files.map { paths.uri($0).split(separator: "/") }
    guard var common = names.first else { return "maasc/" }
    for name in names.dropFirst() { common = zip(common, name).prefix { $0 == $1 }.map(\.0) }
    return (["maasc"] + common.map(String.init)).joined(separator: "/") + "/"
  }

  private static func driver(_ rules: [RuleDescription], _ options: ReportOptions) -> JSON {
    [
      "name": "maasc",
      "version": .string(options.toolVersion),
      "informationUri": options.toolURL.map(JSON.string),
      "rules": .array(rules.map(descriptor)),
    ]
  }

  private static func descriptor(_ rule: RuleDescription) -> JSON {
    [
      "id": .string(rule.id.description),
      "name": .string(rule.name),
      "shortDescription": ["text": .string(shortened(rule.summary))],
      "fullDescription": ["text": .string(shortened(rule.helpText))],
      "help": ["text": .string(shortened(rule.helpText)), "markdown": .string(shortened(rule.why))],
      "defaultConfiguration": ["level": .string(level(rule.severity))],
      "properties": ["precision": "very-high", "problem.severity": .string(problemSeverity(rule.severity)), "tags": ["maas"]],
    ]
  }

  static func level(_ severity: Severity) -> String { severity == .hint ? "note" : severity.rawValue }

  private static func problemSeverity(_ severity: Severity) -> String { severity == .hint ? "recommendation" : severity.rawValue }

  /// GitHub takes texts of 1,024 characters; a cut stands between two words.
  private static func shortened(_ text: String) -> String {
    guard text.utf16.count > 1024 else { return text }
    var length = 0
    let head = text.prefix { character in
      length += character.utf16.count
      return length < 1024
    }
    return (head.lastIndex(of: " ").map { String(head[..<$0]) } ?? String(head)) + "…"
  }

  private static func invocation(_ summary: FindingsSummary) -> JSON {
    let leftOut: JSON = ["level": "note", "message": ["text": "\(summary.leftOut) more findings are not in this file (--max-findings)"]]
    return ["executionSuccessful": true, "toolExecutionNotifications": summary.leftOut > 0 ? [leftOut] : []]
  }
}
