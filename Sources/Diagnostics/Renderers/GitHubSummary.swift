/// Markdown for `$GITHUB_STEP_SUMMARY`: every finding in a table, as far as the 1 MiB that GitHub takes.
package func githubStepSummary(_ report: FindingsReport, options: ReportOptions) -> String {
  var locator = Locator(report.sources)
  var text = "## maasc\n\n\(report.summary.line)\n"
  let findings = report.diagnostics.filter { $0.suppression == nil }
  if findings.isEmpty { return text }
  text += "\n| | rule | place | finding |\n|---|---|---|---|\n"
  for (index, diagnostic) in findings.enumerated() {
    let row = tableRow(diagnostic, options.paths, &locator)
    guard text.utf8.count + row.utf8.count < 1_000_000 else { return text + "\n\(findings.count - index) more findings are not shown.\n" }
    text += row
  }
  return text
}

private func tableRow(_ diagnostic: Diagnostic, _ paths: RelativePaths, _ locator: inout Locator) -> String {
  let place = locator.locate(diagnostic.primary.span).map { "\(paths.path($0.path)):\($0.start.line):\($0.start.utf16Column)" } ?? ""
  let text = cell(diagnostic.message) + (diagnostic.help.map { "<br>help: \(cell($0))" } ?? "")
  return "| \(diagnostic.severity.rawValue) | \(diagnostic.rule) | \(cell(place)) | \(text) |\n"
}

/// Nothing in the text is Markdown or HTML.
private func cell(_ text: String) -> String {
  visible(text).reduce(into: "") { escaped, character in
    switch character {
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "&": escaped += "&amp;"
    case "|", "`", "*", "_", "[", "]", "\\", "~": escaped += "\\\(character)"
    default: escaped.append(character)
    }
  }
}
