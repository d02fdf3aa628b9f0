package import Diagnostics

/// A unit, a drop-in, or a timer: sections of `Key=value` in order.
package struct SystemdUnit: ConfigDocument {
  package struct Section: Sendable, Hashable {
    package var name: SystemdName
    package var entries: [Entry]
    package init(_ name: SystemdName, _ entries: [Entry]) {
      self.name = name
      self.entries = entries
    }
  }

  package struct Entry: Sendable, Hashable {
    package var key: SystemdName
    package var value: Value
    package var comment: LineText?
    package var origin: Span?
    package init(_ key: SystemdName, _ value: Value, comment: LineText? = nil, origin: Span? = nil) {
      self.key = key
      self.value = value
      self.comment = comment
      self.origin = origin
    }
  }

  package enum Value: Sendable, Hashable {
    /// Free text, such as a description.
    case text(LineText)
    case boolean(Bool)
    case integer(Int)
    /// Names of units, separated by blanks.
    case units([UnitName])
    /// A command line: program and arguments, each quoted by systemd's rules.
    case command([String])
    /// A command whose failure does not count.
    case toleratedCommand([String])
    /// `Environment=`
    case environment([EnvironmentVariable])
    /// As it stands, with specifiers (`%i`).
    case raw(LineText)
    /// Forgets what an earlier file assigned to the key.
    case reset
  }

  package struct EnvironmentVariable: Sendable, Hashable {
    package var name: SystemdName
    package var value: String
    package init(_ name: SystemdName, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var sections: [Section]
  package init(sections: [Section]) { self.sections = sections }

  package func write(to writer: inout TextWriter) {
    for (index, section) in sections.enumerated() {
      if index > 0 { writer.line() }
      writer.line("[\(section.name)]")
      for entry in section.entries {
        if let comment = entry.comment { writer.line("# \(comment)", origin: entry.origin) }
        writer.line("\(entry.key)=\(entry.value.text)", origin: entry.origin)
      }
    }
  }
}

/// Sections, keys and names of variables.
package enum SystemdNameGrammar: TextGrammar {
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar == "_" || (!isFirst && (scalar.isDigit || scalar == "-"))
  }
}
package typealias SystemdName = RestrictedText<SystemdNameGrammar>

/// `postgresql@16-main.service`
package enum UnitNameGrammar: TextGrammar {
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || ":-_.\\@".unicodeScalars.contains(scalar)
  }
}
package typealias UnitName = RestrictedText<UnitNameGrammar>

extension SystemdUnit.Value {
  fileprivate var text: String {
    switch self {
    case .text(let text): SystemdUnit.literal(text.description)
    case .boolean(let flag): flag ? "yes" : "no"
    case .integer(let number): String(number)
    case .units(let names): names.map(\.description).joined(separator: " ")
    case .command(let words): SystemdUnit.commandLine(words)
    case .toleratedCommand(let words): "-" + SystemdUnit.commandLine(words)
    case .environment(let variables): variables.map { SystemdUnit.word("\($0.name)=\($0.value)") }.joined(separator: " ")
    case .raw(let text): text.description
    case .reset: ""
    }
  }
}

extension SystemdUnit {
  /// `%` would begin a specifier, a backslash at the end would join the next line.
  static func literal(_ text: String) -> String {
    text.unicodeScalars.map { $0 == "%" ? "%%" : $0 == "\\" ? "\\\\" : String($0) }.joined()
  }

  static func commandLine(_ words: [String]) -> String {
    words.map { word($0, doubling: "$") }.joined(separator: " ")
  }

  /// One word by systemd's rules (systemd.syntax and systemd.service manuals): bare where harmless, else in double quotes with C's escapes.
  static func word(_ text: String, doubling extra: Unicode.Scalar = "%") -> String {
    let isBare = !text.isEmpty && text.unicodeScalars.allSatisfy { $0.isLetter || $0.isDigit || "_-./:,@=+".unicodeScalars.contains($0) }
    if isBare { return text }
    return "\"" + text.unicodeScalars.map { escaped($0, doubling: extra) }.joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar, doubling extra: Unicode.Scalar) -> String {
    switch scalar {
    case "%": "%%"
    case extra: "\(extra)\(extra)"
    case "\"", "\\": "\\\(scalar)"
    case "\n": "\\n"
    case "\t": "\\t"
    case _ where scalar.value < 32 || scalar.value == 127: "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    default: String(scalar)
    }
  }
}
