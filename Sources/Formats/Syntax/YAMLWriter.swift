import Diagnostics

extension YAMLValue {
  private struct Line {
    var text: String
    var origin: Span?
    func indented(by lead: String = "  ") -> Line { Line(text: text.isEmpty ? "" : lead + text, origin: origin) }
  }

  /// Writes the value as a document, or under a key of the writer's own.
  package func write(to writer: inout TextWriter) {
    for line in lines(origin: nil) { writer.line(line.text, origin: line.origin) }
  }

  /// The value on lines of its own.
  private func lines(origin: Span?) -> [Line] {
    switch self {
    case .mapping(let entries) where !entries.isEmpty: entries.flatMap { Self.lines($0, outer: origin) }
    case .sequence(let items) where !items.isEmpty: items.flatMap { Self.lines($0, outer: origin) }
    case .block(let text) where YAMLScalar.fitsBlock(text):
      [Line(text: YAMLScalar.blockHeader(text), origin: origin)]
        + YAMLScalar.blockLines(text).map { Line(text: $0, origin: origin).indented() }
    default: [Line(text: inline, origin: origin)]
    }
  }

  private static func lines(_ entry: YAMLEntry, outer: Span?) -> [Line] {
    let origin = entry.origin ?? outer
    let key = YAMLScalar.key(entry.key) + ":"
    let comment = entry.comment.map { [Line(text: "# \($0)", origin: origin)] } ?? []
    let value = entry.value.lines(origin: origin)
    if entry.value.isNested { return comment + [Line(text: key, origin: origin)] + value.map { $0.indented() } }
    return comment + value.enumerated().map { $0.offset == 0 ? $0.element.indented(by: key + " ") : $0.element }
  }

  private static func lines(_ item: YAMLItem, outer: Span?) -> [Line] {
    let lines = item.value.lines(origin: item.origin ?? outer)
    return lines.enumerated().map { $0.offset == 0 ? $0.element.indented(by: "- ") : item.value.isBlock ? $0.element : $0.element.indented() }
  }

  private var isNested: Bool {
    switch self {
    case .mapping(let entries): !entries.isEmpty
    case .sequence(let items): !items.isEmpty
    default: false
    }
  }

  private var isBlock: Bool { if case .block = self { true } else { false } }

  private var inline: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .text(let text), .block(let text): YAMLScalar.quoted(text)
    case .secret(let placeholder): YAMLScalar.quoted(placeholder.description)
    case .sequence: "[]"
    case .mapping: "{}"
    }
  }
}
