/// A piece of SQL for PostgreSQL. A `String` interpolates as a literal, `\(identifier:)` as a quoted name, another `SQL` as code.
package struct SQL: Hashable, Sendable, ExpressibleByStringInterpolation {
  package var text: String

  package init(raw text: String) { self.text = text }
  package init(stringLiteral value: String) { text = value }
  package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  package struct Interpolation: StringInterpolationProtocol, Sendable {
    var text = ""
    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 16 * interpolationCount) }
    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ value: String) { text += SQL.literal(value) }
    package mutating func appendInterpolation(_ value: Int) { text += String(value) }
    package mutating func appendInterpolation(_ value: Bool) { text += value ? "true" : "false" }
    package mutating func appendInterpolation(_ inner: SQL) { text += inner.text }
    package mutating func appendInterpolation(identifier name: String) { text += SQL.identifier(name) }
  }

  /// A string constant. A backslash makes it an escape string constant, so that `standard_conforming_strings` does not matter.
  /// PostgreSQL has no text with NUL in it: that character is left out.
  package static func literal(_ value: String) -> String {
    let body = doubling(value, where: { $0 == "'" || $0 == "\\" })
    return value.unicodeScalars.contains("\\") ? "E'\(body)'" : "'\(body)'"
  }

  /// A name in double quotes, whatever it is: keywords and capitals survive.
  package static func identifier(_ name: String) -> String { "\"\(doubling(name, where: { $0 == "\"" }))\"" }

  private static func doubling(_ text: String, where isSpecial: (Unicode.Scalar) -> Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\0" {
      if isSpecial(scalar) { result.append(scalar) }
      result.append(scalar)
    }
    return String(result)
  }
}
