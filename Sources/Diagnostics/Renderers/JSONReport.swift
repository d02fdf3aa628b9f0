/// Findings for programs, by schemas/findings-v1.schema.json. A change that breaks readers raises the version.
enum JSONReport {
  static let version = 1

  static func render(_ report: FindingsReport, rules: [RuleDescription], options: ReportOptions) -> String {
    var locator = Locator(report.sources)
    let names = Dictionary(rules.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let prints = fingerprints(of: report.diagnostics, in: report.sources, paths: options.paths)
    let findings = zip(report.diagnostics, prints).map { diagnostic, print in
      finding(diagnostic, name: names[diagnostic.rule], fingerprint: print.digest, options.paths, &locator)
    }
    let document: JSON = [
      "format": "maasc-findings",
      "version": .integer(version),
      "tool": ["name": "maasc", "version": .string(options.toolVersion)],
      "summary": summary(report.summary),
      "findings": .array(findings),
    ]
    return document.text() + "\n"
  }

  private static func summary(_ summary: FindingsSummary) -> JSON {
    [
      "errors": .integer(summary.errors),
      "warnings": .integer(summary.warnings),
      "hints": .integer(summary.hints),
      "files": .integer(summary.files),
      "fixable": .integer(summary.fixable),
      "follow_on": .integer(summary.followOn),
      "suppressed": .integer(summary.suppressed),
      "baselined": .integer(summary.baselined),
      "left_out": .integer(summary.leftOut),
    ]
  }

  private static func finding(
    _ diagnostic: Diagnostic, name: String?, fingerprint: String, _ paths: RelativePaths, _ locator: inout Locator
  ) -> JSON {
    let primary = locator.locate(diagnostic.primary.span)
    let origins = primary.map { Origin.all(of: $0, &locator) } ?? []
    return [
      "rule": .string(diagnostic.rule.description),
      "name": name.map(JSON.string),
      "severity": .string(diagnostic.severity.rawValue),
      "nature": .string(diagnostic.nature.rawValue),
      "message": .string(diagnostic.message),
      "primary": primary.map { place($0, label: diagnostic.primary.text, paths, locator.sources) },
      "origins": .array(origins.map { place($0.location, label: $0.text, paths, locator.sources) }),
      "secondary": .array(
        Annotation.inFileOrder(diagnostic.secondary, locator.sources).compactMap { label in
          locator.locate(label.span).map { place($0, label: label.text, paths, locator.sources) }
        }),
      "notes": .array(diagnostic.notes.map(JSON.string)),
      "help": diagnostic.help.map(JSON.string),
      "fix": .array(
        diagnostic.fix.compactMap { edit in
          locator.locate(edit.span, exactly: true).map { place($0, text: edit.text, paths, locator.sources) }
        }),
      "suppression": diagnostic.suppression.map { ["reason": .string($0)] },
      "fingerprint": .string(fingerprint),
    ]
  }

  private static func place(
    _ location: Location, label: String? = nil, text: String? = nil, _ paths: RelativePaths, _ sources: SourceMap
  ) -> JSON {
    let mark = sources.files[location.file].markLength
    return [
      "path": .string(paths.path(location.path)),
      "start": position(location.start, offset: location.offsets.lowerBound + mark),
      "end": position(location.end, offset: location.offsets.upperBound + mark),
      "label": label.map(JSON.string),
      "text": text.map(JSON.string),
    ]
  }

  private static func position(_ position: Position, offset: Int) -> JSON {
    ["line": .integer(position.line), "column": .integer(position.utf16Column), "offset": .integer(offset)]
  }
}
