/// The results of a SARIF run.
struct SARIFResults {
  private var locator: Locator
  /// The URI of each file, by its path: made once, not for each place.
  private let uris: [String: String]
  private let ruleIndex: [RuleID: Int]
  private let hasSuppressions: Bool
  private var hashes: [Int: LineHashes] = [:]

  init(_ report: FindingsReport, rules: [RuleDescription], paths: RelativePaths) {
    locator = Locator(report.sources)
    uris = Dictionary(report.sources.files.map { ($0.path, paths.uri($0.path)) }, uniquingKeysWith: { first, _ in first })
    ruleIndex = Dictionary(rules.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    hasSuppressions = report.diagnostics.contains { $0.suppression != nil }
  }

  mutating func result(_ diagnostic: Diagnostic) -> JSON {
    let primary = locator.locate(diagnostic.primary.span) ?? startOfFirstFile()
    let related = relatedPlaces(diagnostic, primary)
    return [
      "ruleId": .string(diagnostic.rule.description),
      "ruleIndex": ruleIndex[diagnostic.rule].map(JSON.integer),
      "level": .string(SARIFReport.level(diagnostic.severity)),
      "message": ["text": .string(message(diagnostic, related.map(\.text)))],
      "locations": .array(primary.map { [["physicalLocation": physicalLocation($0)]] } ?? []),
      "relatedLocations": related.isEmpty ? nil : .array(related.enumerated().map { relatedLocation($0.offset + 1, $0.element) }),
      "partialFingerprints": primary.map { ["primaryLocationLineHash": .string(lineHash($0))] },
      "fixes": fix(diagnostic).map { [$0] },
      "suppressions": suppressions(diagnostic),
    ]
  }

  /// GitHub drops a result without a place: a finding about the run stands at the start of the first file.
  private mutating func startOfFirstFile() -> Location? {
    locator.sources.files.first.flatMap { locator.locate(Span($0.base, $0.base)) }
  }

  private mutating func relatedPlaces(_ diagnostic: Diagnostic, _ primary: Location?) -> [Origin] {
    var places = primary.map { Origin.all(of: $0, &locator) } ?? []
    for label in Annotation.inFileOrder(diagnostic.secondary, locator.sources) {
      guard let location = locator.locate(label.span) else { continue }
      places.append(Origin(location: location, text: label.text.isEmpty ? "line \(location.start.line)" : label.text))
    }
    return places
  }

  /// The first sentence is GitHub's title; `[text](id)` links to a related location.
  private func message(_ diagnostic: Diagnostic, _ related: [String]) -> String {
    var sentences = [diagnostic.message]
    if !diagnostic.primary.text.isEmpty { sentences.append(diagnostic.primary.text) }
    sentences += related.enumerated().map { "[\(linkText($0.element))](\($0.offset + 1))" }
    sentences += diagnostic.notes
    if let help = diagnostic.help { sentences.append("help: \(help)") }
    return sentences.joined(separator: ".\n") + "."
  }

  private func linkText(_ text: String) -> String {
    guard text.utf8.contains(where: { "[]\\".utf8.contains($0) }) else { return text }
    return text.reduce(into: "") { escaped, character in
      if "[]\\".contains(character) { escaped += "\\" }
      escaped.append(character)
    }
  }

  private func uri(_ path: String) -> String { uris[path] ?? path }

  private func physicalLocation(_ location: Location) -> JSON {
    ["artifactLocation": ["uri": .string(uri(location.path))], "region": region(location)]
  }

  private func region(_ location: Location) -> JSON {
    [
      "startLine": .integer(location.start.line),
      "startColumn": .integer(location.start.utf16Column),
      "endLine": .integer(location.end.line),
      "endColumn": .integer(location.end.utf16Column),
    ]
  }

  private func relatedLocation(_ id: Int, _ place: Origin) -> JSON {
    ["id": .integer(id), "physicalLocation": physicalLocation(place.location), "message": ["text": .string(place.text)]]
  }

  private mutating func lineHash(_ location: Location) -> String {
    let file = hashes[location.file] ?? LineHashes(locator.sources.files[location.file])
    hashes[location.file] = file
    return file[location.start.line - 1]
  }

  private mutating func fix(_ diagnostic: Diagnostic) -> JSON? {
    var replacements: [Int: [JSON]] = [:]
    for edit in diagnostic.fix {
      guard let location = locator.locate(edit.span, exactly: true) else { continue }
      replacements[location.file, default: []].append(["deletedRegion": region(location), "insertedContent": ["text": .string(edit.text)]])
    }
    let changes = locator.sources.files.indices.compactMap { file in replacements[file].map { artifactChange(file, $0) } }
    guard !changes.isEmpty else { return nil }
    return ["description": ["text": .string(diagnostic.help ?? "edit the topology")], "artifactChanges": .array(changes)]
  }

  private func artifactChange(_ file: Int, _ replacements: [JSON]) -> JSON {
    ["artifactLocation": ["uri": .string(uri(locator.sources.files[file].path))], "replacements": .array(replacements)]
  }

  /// Where one result of a run tells about suppressions, all do (SARIF 2.1.0, 3.27.23).
  private func suppressions(_ diagnostic: Diagnostic) -> JSON? {
    guard let reason = diagnostic.suppression else { return hasSuppressions ? [] : nil }
    return [["kind": "inSource", "justification": .string(reason)]]
  }
}
