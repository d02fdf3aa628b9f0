/// A piece of HTML; a `String` interpolates as text, safe in an element and in a quoted attribute.
package struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
  package var markup: String

  package init(raw markup: String) { self.markup = markup }
  package init(stringLiteral value: String) { markup = value }
  package init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

  package struct Interpolation: StringInterpolationProtocol, Sendable {
    var markup = ""
    package init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity + 16 * interpolationCount) }
    package mutating func appendLiteral(_ literal: String) { markup += literal }
    package mutating func appendInterpolation(_ value: String) { markup += HTML.escape(value) }
    package mutating func appendInterpolation(_ value: Int) { markup += String(value) }
    package mutating func appendInterpolation(_ inner: HTML) { markup += inner.markup }
    package mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }
  }

  package static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Text in a Markdown page.
package enum Markdown {
  /// Shown as it is, also in a table cell: punctuation is escaped, a line break becomes a blank.
  package static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.breaksLines {
        result += " "
      } else {
        if "\\`*_{}[]<>()#+!|~&".unicodeScalars.contains(scalar) { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A code span whose fence is longer than any run of backticks inside.
  package static func code(_ text: String) -> String {
    let runs = text.unicodeScalars.split { $0 != "`" }.map(\.count)
    let fence = String(repeating: "`", count: (runs.max() ?? 0) + 1)
    let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.breaksLines ? " " : $0 }))
    return text.unicodeScalars.contains("`") ? "\(fence) \(line) \(fence)" : "\(fence)\(line)\(fence)"
  }
}
