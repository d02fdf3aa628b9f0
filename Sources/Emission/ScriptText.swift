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
    text.isEmpty ? "#\n" : text.split(whereSeparator: \.isNewline).map { "# \($0)\n" }.joined()
  }

  /// Said by every file of the bundle that may hold a comment.
  static func origin(_ plan: Plan) -> String { "Compiled by maasc from \(plan.topologyPath): edits belong there." }

  /// Code as the body of a function. It stays as it is where a blank at the start of a line could belong to a value: below a here-document, or
  /// with a quoted text of several lines.
  static func indented(_ code: Shell) -> String {
    if code.isEmpty { return "  true" }
    let lines = code.code.split(separator: "\n", omittingEmptySubsequences: false)
    let isPlain = lines.allSatisfy { isBalanced($0, "'") && isBalanced($0, "\"") && !isHereDocument($0) }
    return isPlain ? lines.map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n") : code.code
  }

  private static func isBalanced(_ line: Substring, _ quote: Character) -> Bool { line.count { $0 == quote }.isMultiple(of: 2) }

  private static func isHereDocument(_ line: Substring) -> Bool {
    line.split(separator: "<<<", omittingEmptySubsequences: false).contains { $0.contains("<<") }
  }

  /// The first few of many.
  static func list(_ names: [String], limit: Int = 6) -> String {
    names.prefix(limit).joined(separator: ", ") + (names.count > limit ? ", … (all of them: runbook/steps.json)" : "")
  }
}
