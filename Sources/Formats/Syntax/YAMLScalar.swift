/// How YAML 1.1 and 1.2 readers alike take a text for exactly that text.
package enum YAMLScalar {
  /// In double quotes, with the escapes of YAML 1.1.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { result += escaped(scalar) }
    return result + "\""
  }

  /// Bare where no reader could see anything but a name in it, else quoted.
  package static func key(_ text: String) -> String {
    let isPlain =
      text.unicodeScalars.enumerated().allSatisfy { offset, scalar in
        scalar.isLetter || scalar == "_" || (offset > 0 && (scalar.isDigit || scalar == "-" || scalar == "."))
      } && !text.isEmpty && !ambiguous.contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  private static let ambiguous = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.breaksLines || isUnprintable(scalar): hexadecimal(scalar)
    default: String(scalar)
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (mark, width) = scalar.value < 0x100 ? ("\\x", 2) : ("\\u", 4)
    return mark + String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  /// Beyond `breaksLines`: the byte order mark and the two that are no characters.
  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool { [0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value) }

  // MARK: Literal blocks

  /// A literal block has no escapes, and its indentation is guessed from its first line.
  static func fitsBlock(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first != " ", first != "\n", first != "\t", !text.hasSuffix("\n\n") else { return false }
    return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || !($0.breaksLines || isUnprintable($0)) }
  }

  static func blockHeader(_ text: String) -> String { text.hasSuffix("\n") ? "|" : "|-" }

  static func blockLines(_ text: String) -> [String] {
    let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
    return body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
