package import Diagnostics

/// Builds the text of one file, line by line, and keeps for each line the place in the topology that asked for it.
package struct TextWriter: ~Copyable {
  private var text = ""
  private var origins: [Span?] = []
  private var indentation = 0
  private var current: Span?
  private let unit: String

  package init(indent unit: String = "    ") { self.unit = unit }

  /// One line; an empty text gives an empty line without blanks at its end. The text must hold no line break of its own.
  package mutating func line(_ content: String = "", origin: Span? = nil) {
    if !content.isEmpty {
      for _ in 0..<indentation { text += unit }
      text += content
    }
    text += "\n"
    origins.append(origin ?? current)
  }

  /// Several lines as they are, each indented.
  package mutating func lines(_ content: String, origin: Span? = nil) {
    // By scalars: CR LF is one Character.
    for part in content.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) { line(String(part), origin: origin) }
  }

  package mutating func indented(_ body: (inout TextWriter) -> Void) {
    indentation += 1
    body(&self)
    indentation -= 1
  }

  /// Lines written in `body` come from `origin` unless they say otherwise.
  package mutating func from(_ origin: Span?, _ body: (inout TextWriter) -> Void) {
    let outer = current
    current = origin ?? outer
    body(&self)
    current = outer
  }

  package consuming func finish() -> RenderedText { RenderedText(text: text, origins: origins) }
}

/// A finished file: its text, and for each line where it comes from.
package struct RenderedText: Sendable, Equatable {
  package var text: String
  package var origins: [Span?]
  package init(text: String, origins: [Span?] = []) {
    self.text = text
    self.origins = origins
  }
}

/// One configuration file of one format. Holds exactly the facts that the file needs; decisions belong to the planner. Every value is quoted
/// by the document for its own syntax; a value that the syntax cannot carry is refused by the type that holds it.
package protocol ConfigDocument: Sendable {
  /// What begins a comment line, so that a header can be written; nil where the syntax has no comments.
  static var comment: String? { get }
  func write(to writer: inout TextWriter)
}

extension ConfigDocument {
  package static var comment: String? { "#" }

  /// The document below a header of comment lines.
  package func render(header: [String] = []) -> RenderedText {
    var writer = TextWriter()
    if let comment = Self.comment { for line in header { writer.line("\(comment) \(line)") } }
    write(to: &writer)
    return writer.finish()
  }
}

/// A place in a file where a secret's value goes at deploy time. Rendered as `@maasc:NAME@` inside the quotes of the file's syntax;
/// the step that installs the file replaces it (`fill_secrets`, quoting for that syntax).
package struct SecretPlaceholder: Hashable, Sendable, CustomStringConvertible {
  package let name: String
  package init(_ name: String) { self.name = name }
  package var description: String { "@maasc:\(name)@" }
}

extension TextWriter {
  /// `head {`, the body indented, `}`.
  package mutating func block(_ head: String, _ body: (inout TextWriter) -> Void) {
    line("\(head) {")
    indented(body)
    line("}")
  }
}
