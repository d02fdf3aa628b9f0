package enum ReportFormat: String, Sendable, CaseIterable {
  case text, json, sarif, github, junit, gitlab
}

/// What the formats tell about a rule.
package struct RuleDescription: Hashable, Sendable {
  package var id: RuleID
  /// As in `connection-limit`.
  package var name: String
  package var severity: Severity
  /// One sentence.
  package var summary: String
  /// Why the rule is there, in Markdown.
  package var why: String
  /// The same without Markdown.
  package var helpText: String

  package init(id: RuleID, name: String, severity: Severity, summary: String, why: String, helpText: String) {
    self.id = id
    self.name = name
    self.severity = severity
    self.summary = summary
    self.why = why
    self.helpText = helpText
  }
}

package struct ReportOptions: Sendable {
  package var isColored = false
  /// Cells of the terminal that the text format fits itself to; nil: there is none, and words are not wrapped.
  package var columns: Int?
  package var toolVersion: String
  /// The page about the tool; nil leaves it out.
  package var toolURL: String?
  package var paths = RelativePaths()

  package init(toolVersion: String) { self.toolVersion = toolVersion }
}

/// The whole text of a report in one format, with a line feed at its end.
package func render(_ report: FindingsReport, as format: ReportFormat, rules: [RuleDescription], options: ReportOptions) -> String {
  switch format {
  case .text: TextReport.render(report, options: options)
  case .json: JSONReport.render(report, rules: rules, options: options)
  case .sarif: SARIFReport.render(report, rules: rules, options: options)
  case .github: GitHubReport.render(report, rules: rules, options: options)
  case .junit: JUnitReport.render(report, rules: rules, options: options)
  case .gitlab: GitLabReport.render(report, rules: rules, options: options)
  }
}
