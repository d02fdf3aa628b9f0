/// Findings that are known and accepted for now, so that only new ones fail a run.
///
/// The file is JSON Lines: a head, then one entry a line, sorted, so that two branches' additions merge. Only findings of nature
/// unwise enter it: what would not work is never accepted.
package struct Baseline: Sendable {
  struct Entry: Sendable {
    var fingerprint: Fingerprint
    /// The entry's line in the baseline file.
    var span: Span
    /// The same with its line end.
    var line: Span
  }

  let entries: [Entry]

  private static let format = "maasc-baseline"
  private static let version = 1

  /// The text of a baseline that knows these findings.
  package static func text(of diagnostics: [Diagnostic], in sources: SourceMap, paths: RelativePaths) -> String {
    let known = eligible(sortedUnique(diagnostics, in: sources))
    let head: JSON = ["format": .string(format), "version": .integer(version)]
    let lines = fingerprints(of: known, in: sources, paths: paths).sorted().map { json($0).text(.compact) }
    return ([head.text(.compact)] + lines).joined(separator: "\n") + "\n"
  }

  /// Reads a baseline file that is in the source map; a line that is no entry is reported, and the others are read.
  package init(_ file: SourceFile, _ findings: inout Findings) {
    var entries: [Entry] = []
    let lines = LineTable(file)
    for line in 0..<lines.count {
      let range = lines.range(ofLine: line)
      let span = Span(file.base + UInt32(range.lowerBound), file.base + UInt32(range.upperBound))
      if range.isEmpty, line > 0 { continue }
      let value = try? JSON(parsing: Array(file.bytes[range]))
      if line == 0 {
        Self.checkHead(value, span, &findings)
      } else if let fingerprint = value.flatMap(Self.fingerprint) {
        let next = line + 1 < lines.count ? lines.range(ofLine: line + 1).lowerBound : file.bytes.count
        entries.append(Entry(fingerprint: fingerprint, span: span, line: Span(span.lower, file.base + UInt32(next))))
      } else {
        findings.report(Self.broken("a line that is no entry of a baseline", span))
      }
    }
    self.entries = entries
  }

  private static func checkHead(_ head: JSON?, _ span: Span, _ findings: inout Findings) {
    if head?["format"]?.string != format { return findings.report(broken("no baseline: its first line lacks \"format\":\"\(format)\"", span)) }
    guard let found = head?["version"]?.integer, found != version else { return }
    findings.report(broken("a baseline of version \(found); known is version \(version)", span))
  }

  private static func broken(_ message: String, _ span: Span) -> Diagnostic {
    Diagnostic(badSuppression, .error, message, at: span, help: "write it anew: maasc check --write-baseline")
  }

  static func eligible(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.filter { $0.nature == .unwise && $0.suppression == nil }
  }
}

/// An entry's line.
extension Baseline {
  private static func json(_ print: Fingerprint) -> JSON {
    [
      "rule": .string(print.rule.description),
      "file": .string(print.file),
      "path": .string(print.path),
      "message": .string(print.message),
      "occurrence": print.occurrence > 1 ? .integer(print.occurrence) : nil,
    ]
  }

  private static func fingerprint(_ json: JSON) -> Fingerprint? {
    guard let rule = json["rule"]?.string.flatMap({ RuleID(text: $0) }), let file = json["file"]?.string, let path = json["path"]?.string,
      let message = json["message"]?.string
    else { return nil }
    return Fingerprint(rule: rule, file: file, path: path, message: message, occurrence: json["occurrence"]?.integer ?? 1)
  }
}
