/// What a syntax that has no quoting admits.
package protocol TextGrammar: Sendable {
  static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool
  /// In UTF-8 bytes.
  static var maximumLength: Int { get }
}

extension TextGrammar {
  package static var maximumLength: Int { 255 }
}

/// A text that stands bare in its syntax, because every character is one that the syntax admits there.
///
/// Literals in planners are written for their syntax and go through `init(sanitizing:)`, so that nothing can trap; texts from a
/// topology go through `init?`, which refuses.
package struct RestrictedText<Grammar: TextGrammar>: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let description: String

  /// Nil for an empty text, one that is too long, or one with a character that the syntax does not admit.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= Grammar.maximumLength, text.unicodeScalars.elementsEqual(Self.admitted(text)) else { return nil }
    description = text
  }

  /// What the syntax does not admit becomes `_` (`x` where a name cannot begin with that); what is too long is cut.
  package init(sanitizing text: String) {
    var result = ""
    for scalar in Self.admitted(text) {
      guard result.utf8.count + UTF8.width(scalar) <= Grammar.maximumLength else { break }
      result.unicodeScalars.append(scalar)
    }
    description = result.isEmpty ? String(Self.filler(isFirst: true)) : result
  }

  package init(stringLiteral value: String) { self.init(sanitizing: value) }

  private static func admitted(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.enumerated().map { Grammar.admits($0.element, isFirst: $0.offset == 0) ? $0.element : filler(isFirst: $0.offset == 0) }
  }

  private static func filler(isFirst: Bool) -> Unicode.Scalar { Grammar.admits("_", isFirst: isFirst) ? "_" : "x" }
}

extension Unicode.Scalar {
  var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
  var isDigit: Bool { ("0"..."9").contains(self) }
  /// C0, DEL, C1, and the separators that some readers take for line ends.
  var breaksLines: Bool { value < 32 || (127...159).contains(value) || value == 0x2028 || value == 0x2029 }
}

/// One line: anything but control characters and line separators.
package enum LineGrammar: TextGrammar {
  package static let maximumLength = 4096
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool { !scalar.breaksLines }
}
package typealias LineText = RestrictedText<LineGrammar>

/// A word of a syntax of words: no blank, quote, backslash, comment sign or variable.
package enum WordGrammar: TextGrammar {
  package static let maximumLength = 1024
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "_-./:,+=%?&[]".unicodeScalars.contains(scalar) || (scalar == "@" && !isFirst)
  }
}
package typealias BareWord = RestrictedText<WordGrammar>

/// A network interface, as Linux names them.
package enum InterfaceGrammar: TextGrammar {
  package static let maximumLength = 15
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "_.@:-".unicodeScalars.contains(scalar)
  }
}
package typealias InterfaceName = RestrictedText<InterfaceGrammar>
