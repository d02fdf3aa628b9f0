/// The stable identity of a rule: `M402` is `RuleID(402)`. Never reused, never given another meaning.
package struct RuleID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let number: UInt16
  package init(_ number: UInt16) { self.number = number }

  /// Reads `M402` or `m402`; nil for anything else.
  package init?(text: String) {
    let utf8 = Array(text.utf8)
    guard utf8.count == 4, utf8[0] | 0x20 == UInt8(ascii: "m"), let number = UInt16(text.dropFirst()) else { return nil }
    self.number = number
  }

  package var description: String { "M\(number)" }
  package static func < (left: RuleID, right: RuleID) -> Bool { left.number < right.number }
}

package enum Severity: String, Sendable, Comparable, CaseIterable {
  case hint, warning, error

  private var rank: Int {
    switch self {
    case .hint: 0
    case .warning: 1
    case .error: 2
    }
  }
  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// What a broken rule means for the installation, and so whether a finding may be suppressed.
package enum Nature: String, Sendable {
  /// The bundle would be broken: never suppressible.
  case wrong
  /// It would work, but endangers the installation: suppressible with a reason.
  case unwise
}

/// A place with a few words about it, drawn under the underline.
package struct Label: Hashable, Sendable {
  package var span: Span
  package var text: String

  package init(_ span: Span, _ text: String = "") {
    self.span = span
    self.text = text
  }
}

/// A certain edit of the topology's text. `text` replaces the bytes of `span`.
package struct TextEdit: Hashable, Sendable {
  package var span: Span
  package var text: String

  package init(_ span: Span, _ text: String) {
    self.span = span
    self.text = text
  }
}

/// One finding. Wording: lower case, no full stop, names the value and what is allowed.
package struct Diagnostic: Hashable, Sendable {
  package var rule: RuleID
  package var severity: Severity
  package var nature: Nature
  package var message: String
  /// The exact value that is wrong.
  package var primary: Label
  /// Every other cause, in file order; the renderer shows three and counts the rest.
  package var secondary: [Label]
  /// Arithmetic and background, without a place.
  package var notes: [String]
  /// The way out, as an edit in words.
  package var help: String?
  /// The way out, as an edit of the text, where it is certain.
  package var fix: [TextEdit]
  /// The reason given by a comment `# maasc: ignore Mnnn -- reason`, when one covers this finding.
  package var suppression: String?

  package init(
    _ rule: RuleID, _ severity: Severity, nature: Nature = .wrong, _ message: String, at primary: Span, label: String = "",
    secondary: [Label] = [], notes: [String] = [], help: String? = nil, fix: [TextEdit] = []
  ) {
    self.rule = rule
    self.severity = severity
    self.nature = nature
    self.message = message
    self.primary = Label(primary, label)
    self.secondary = secondary
    self.notes = notes
    self.help = help
    self.fix = fix
    self.suppression = nil
  }
}

/// Collects findings while a stage runs. A stage never stops at the first.
package struct Findings: Sendable {
  package private(set) var diagnostics: [Diagnostic] = []

  package init() {}

  package mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  package mutating func append(contentsOf other: [Diagnostic]) { diagnostics.append(contentsOf: other) }
  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error && $0.suppression == nil } }
}
