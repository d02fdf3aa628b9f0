/// Findings for people: a frame of the file for each, and a line that counts them.
struct TextReport {
  private var locator: Locator
  private let palette: Palette
  private let columns: Int?

  init(_ sources: SourceMap, options: ReportOptions) {
    locator = Locator(sources)
    palette = Palette(isColored: options.isColored)
    columns = options.columns.map { max(40, $0) }
  }

  static func render(_ report: FindingsReport, options: ReportOptions) -> String {
    var text = TextReport(report.sources, options: options)
    var output = ""
    for diagnostic in report.diagnostics where diagnostic.suppression == nil {
      output += text.block(diagnostic).joined(separator: "\n") + "\n\n"
    }
    return output + wrapped(report.summary.line, to: text.columns).joined(separator: "\n") + "\n"
  }

  /// The lines of one finding.
  mutating func block(_ diagnostic: Diagnostic) -> [String] {
    let (annotations, leftOut) = Annotation.all(of: diagnostic, &locator)
    let gutter = annotations.map { String($0.location.start.line).utf8.count }.max() ?? 1
    var frame = Frame(gutter: gutter, columns: columns, palette: palette, severity: diagnostic.severity)
    frame.draw(annotations, &locator)
    var lines = headline(diagnostic) + frame.lines
    if leftOut > 0 { lines.append("\(spaces(gutter)) \(palette.paint("=", .frame)) and \(leftOut) more") }
    for note in diagnostic.notes { lines += remark("note", note, gutter) }
    if let help = diagnostic.help { lines += remark("help", help, gutter) }
    return lines + remark("explain", "maasc explain \(diagnostic.rule)", gutter)
  }

  private func headline(_ diagnostic: Diagnostic) -> [String] {
    let head = "\(diagnostic.severity.rawValue)[\(diagnostic.rule)]"
    let lines = wrapped(visible(diagnostic.message), to: columns.map { $0 - head.utf8.count - 2 })
    return lines.enumerated().map { index, line in
      index == 0
        ? palette.paint(head, .severity(diagnostic.severity)) + palette.paint(": \(line)", .emphasis)
        : spaces(head.utf8.count + 2) + palette.paint(line, .emphasis)
    }
  }

  /// A note of several lines keeps them, indented to its first.
  private func remark(_ word: String, _ text: String, _ gutter: Int) -> [String] {
    let indent = word.utf8.count + 4
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      wrapped(visible(String(line)), to: columns.map { $0 - gutter - 1 - indent })
    }
    return lines.enumerated().map { index, line in
      let head = "\(palette.paint("=", .frame)) \(palette.paint("\(word):", .emphasis)) "
      return "\(spaces(gutter)) \(index == 0 ? head : spaces(indent))\(line)"
    }
  }
}

extension FindingsSummary {
  /// `2 errors, 1 warning in 1 file; 3 follow-on errors suppressed; 1 suppressed by comment`.
  package var line: String {
    let counts = [(errors, "error"), (warnings, "warning"), (hints, "hint")].filter { $0.0 > 0 }.map { plural($0.0, $0.1) }
    var parts = ["\(counts.isEmpty ? "no findings" : counts.joined(separator: ", ")) in \(plural(files, "file"))"]
    if followOn > 0 { parts.append("\(plural(followOn, "follow-on error")) suppressed") }
    if suppressed > 0 { parts.append("\(suppressed) suppressed by comment") }
    if baselined > 0 { parts.append("\(baselined) known from the baseline") }
    if leftOut > 0 { parts.append("\(leftOut) not shown (--max-findings)") }
    if fixable > 0 { parts.append("\(fixable) can be mended with --fix") }
    return parts.joined(separator: "; ")
  }
}

func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
