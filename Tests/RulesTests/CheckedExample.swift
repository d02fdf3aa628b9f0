import Compiler
import Diagnostics
import Rules

/// What came of an example: its files composed with the base, read and checked as the compiler does.
struct CheckedExample {
  /// Where the markers stood, in the offset space of the run.
  var marked: [Span] = []
  var findings: [Diagnostic] = []
  var sources = SourceMap()

  init(_ example: Example) {
    self.init(example.yaml.map(ExampleBase.compose), attachments: example.attachments)
  }

  /// - Parameter texts: whole topologies, which may hold markers.
  init(_ texts: [String], attachments: [(path: String, text: String)] = []) {
    let stripped = texts.map { Self.stripMarkers(Array($0.utf8)) }
    let checked = check(
      stripped.enumerated().map {
        Input(path: "\($0.offset == 0 ? "prague" : "brno").topology.yaml", bytes: $0.element.bytes) { path in
          attachments.first { $0.path == path }.map { Array($0.text.utf8) }
        }
      })
    sources = checked.sources
    findings = checked.diagnostics.filter { $0.suppression == nil }
    for (file, (_, marks)) in zip(sources.files, stripped) {
      marked += marks.map { Span(file.base + UInt32($0.lowerBound), file.base + UInt32($0.upperBound)) }
    }
  }

  func findings(of rule: Rule) -> [Diagnostic] { findings.filter { $0.rule == rule.id } }
  func errors(besides rule: Rule) -> [Diagnostic] { findings.filter { $0.rule != rule.id && $0.severity == .error } }

  /// `3:14 M402 error message`, readable in a failed expectation.
  func describe(_ diagnostics: [Diagnostic]) -> [String] {
    diagnostics.map { "\(place($0.primary.span)) \($0.rule) \($0.severity.rawValue): \($0.message)" }
  }

  func describe(_ spans: [Span]) -> [String] {
    spans.map { span in sources.files.last { $0.base <= span.lower }.map { "\(place(span)) '\($0.text(span))'" } ?? "\(span)" }
  }

  private func place(_ span: Span) -> String {
    guard let place = sources.resolve(span) else { return "?" }
    let file = sources.files[place.file]
    let before = file.bytes.prefix(Int(place.span.lower - file.base))
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    return "\(line):\(before.count - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1))"
  }

  /// Takes `⟦` and `⟧` out; returns the ranges of what stood between.
  private static func stripMarkers(_ bytes: [UInt8]) -> (bytes: [UInt8], marks: [Range<Int>]) {
    let opening = Array("⟦".utf8)
    let closing = Array("⟧".utf8)
    var result: [UInt8] = []
    var marks: [Range<Int>] = []
    var start: Int?
    var rest = bytes[...]
    while let byte = rest.first {
      if rest.starts(with: opening) {
        start = result.count
        rest = rest.dropFirst(opening.count)
      } else if rest.starts(with: closing) {
        if let lower = start { marks.append(lower..<result.count) }
        start = nil
        rest = rest.dropFirst(closing.count)
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return (result, marks)
  }
}
