import Formats
import Planning

/// What all scripts of a bundle have in common.
enum ScriptText {
  /// A bash file below a header of comment lines.
  static func file(about: [String], code: Shell) -> String {
    "#!/usr/bin/env bash\n" + about.map(comment).joined() + "\n" + code.code + "\n"
  }

  /// A text as comment; a line break in it cannot end the comment.
  static func comment(_ text: String) -> String {
    if text.isEmpty { return "#\n" }
    // Hardly a text is anything but one line of ASCII.
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return "# \(text)\n" }
    return text.split(whereSeparator: \.isNewline).map { "# \($0)\n" }.joined()
  }

  /// Said by every file of the bundle that may hold a comment.
  static func origin(_ plan: Plan) -> String { "Compiled by maasc from \(plan.topologyPath): edits belong there." }

  /// Code as the body of a function. It stays as it is where a blank at the start of a line could belong to a value: below a here-document, or
  /// with a quoted text of several lines.
  static func indented(_ code: Shell) -> String {
    if code.isEmpty { return "  true" }
    var text = code.code
    let result = text.withUTF8 { bytes -> [UInt8]? in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count + bytes.count / 8)
      for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        guard isPlain(line) else { return nil }
        if line.startIndex > 0 { result.append(UInt8(ascii: "\n")) }
        if !line.isEmpty { result += "  ".utf8 }
        result += line
      }
      return result
    }
    return result.map { String(decoding: $0, as: UTF8.self) } ?? code.code
  }

  /// Every quote of the line ends in it, and no here-document begins there.
  private static func isPlain(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var single = 0
    var double = 0
    /// How many `<` stand before, beside each other.
    var less = 0
    for byte in line {
      if byte == UInt8(ascii: "<") {
        less += 1
        continue
      }
      if less % 3 == 2 { return false }
      less = 0
      if byte == UInt8(ascii: "'") { single += 1 } else if byte == UInt8(ascii: "\"") { double += 1 }
    }
    return less % 3 != 2 && single.isMultiple(of: 2) && double.isMultiple(of: 2)
  }

  /// The first few of many.
  static func list(_ names: [String], limit: Int = 6) -> String {
    names.prefix(limit).joined(separator: ", ") + (names.count > limit ? ", … (all of them: runbook/steps.json)" : "")
  }
}
