/// A piece of bash. Values interpolate as quoted words: `"install \(path)"` is safe for any path.
/// Another `Shell` interpolates as code; `\(raw:)` is the visible way to put text in as code.
package struct Shell: Hashable, Sendable, ExpressibleByStringInterpolation {
  package var code: String

  package init(raw code: String) { self.code = code }
  package init(stringLiteral value: String) { code = value }
  package init(stringInterpolation: Interpolation) { code = stringInterpolation.code }

  package struct Interpolation: StringInterpolationProtocol, Sendable {
    var code = ""
    package init(literalCapacity: Int, interpolationCount: Int) { code.reserveCapacity(literalCapacity + 16 * interpolationCount) }
    package mutating func appendLiteral(_ literal: String) { code += literal }
    package mutating func appendInterpolation(_ value: String) { code += Shell.quote(value) }
    package mutating func appendInterpolation(_ value: Int) { code += String(value) }
    package mutating func appendInterpolation(_ value: some CustomStringConvertible) { code += Shell.quote(value.description) }
    /// Several words, each quoted.
    package mutating func appendInterpolation(_ values: [String]) { code += values.map(Shell.quote).joined(separator: " ") }
    /// Code inside code; its lines after the first are indented as the line it stands in.
    package mutating func appendInterpolation(_ inner: Shell) {
      let indent = code.split(separator: "\n", omittingEmptySubsequences: false).last.map { $0.prefix { $0 == " " } } ?? ""
      code += indent.isEmpty ? inner.code : Shell.reindent(inner.code, by: String(indent))
    }
    package mutating func appendInterpolation(raw text: String) { code += text }
  }

  /// A single word: bare where every byte is harmless, else in single quotes; in double quotes what shellcheck takes for a slip in single ones.
  package static func quote(_ value: String) -> String {
    if !value.isEmpty, value.utf8.allSatisfy(isHarmless), value.utf8.first != 61 { return value }
    // By scalars: a quote with a combining mark after it is one Character, and still ends the word for bash.
    let scalars = Array(value.unicodeScalars)
    return looksLikeASlip(scalars) ? inDoubleQuotes(scalars) : "'" + scalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }

  /// Something between single quotes that reads as if it were meant to be expanded (SC2016), to escape a quote (SC1003) or to be one (SC1112).
  private static func looksLikeASlip(_ scalars: [Unicode.Scalar]) -> Bool {
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      switch scalar {
      case "`", "\u{2018}", "\u{2019}": return true
      case "$": if let next, next == "{" || next == "(" || (next.isASCII && isHarmless(UInt8(next.value))) { return true }
      case "\\": if next == nil || next == "'" { return true }
      default: break
      }
    }
    return false
  }

  /// Typographer's double quotes are the one thing that has to stand in single quotes (SC1111).
  private static func inDoubleQuotes(_ scalars: [Unicode.Scalar]) -> String {
    var text = "\""
    for scalar in scalars {
      switch scalar {
      case "$", "`", "\"", "\\": text += "\\\(scalar)"
      case "\u{201C}", "\u{201D}", "\u{2033}", "\u{2036}": text += "\"'\(scalar)'\""
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// Letters, digits and `_-./:@%+=`; not the comma, which shellcheck takes for a slip between the elements of an array (SC2054).
  private static func isHarmless(_ byte: UInt8) -> Bool {
    switch byte {
    case 43, 45...58, 61, 64...90, 95, 97...122, 37: true
    default: false
    }
  }

  static func reindent(_ code: String, by indent: String) -> String {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { $0.offset == 0 || $0.element.isEmpty ? String($0.element) : indent + $0.element }.joined(separator: "\n")
  }

  /// Pieces on lines of their own; empty pieces vanish.
  package static func lines(_ pieces: [Shell]) -> Shell {
    Shell(raw: pieces.map(\.code).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  package static func + (left: Shell, right: Shell) -> Shell { lines([left, right]) }
  package var isEmpty: Bool { code.isEmpty }
}
