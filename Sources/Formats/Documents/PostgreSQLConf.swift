package import Diagnostics

/// A drop-in for postgresql.conf (or another file of `name = value` that PostgreSQL's packages read, such as createcluster.conf).
package struct PostgreSQLConf: ConfigDocument {
  package struct Setting: Sendable, Hashable {
    package var name: PostgreSQLName
    package var value: PostgreSQLValue
    package var comment: LineText?
    package var origin: Span?

    package init(_ name: PostgreSQLName, _ value: PostgreSQLValue, comment: LineText? = nil, origin: Span? = nil) {
      self.name = name
      self.value = value
      self.comment = comment
      self.origin = origin
    }
  }

  package var settings: [Setting]
  package init(settings: [Setting]) { self.settings = settings }

  package func write(to writer: inout TextWriter) {
    for setting in settings {
      if let comment = setting.comment { writer.line("# \(comment)", origin: setting.origin) }
      writer.line("\(setting.name) = \(setting.value.configuration)", origin: setting.origin)
    }
  }
}

/// `max_connections`, or `extension.parameter`.
package enum PostgreSQLNameGrammar: TextGrammar {
  package static let maximumLength = 127
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar == "_" || (!isFirst && (scalar.isDigit || scalar == "." || scalar == "$"))
  }
}
package typealias PostgreSQLName = RestrictedText<PostgreSQLNameGrammar>

package enum PostgreSQLValue: Sendable, Hashable {
  package enum SizeUnit: String, Sendable { case kilobytes = "kB", megabytes = "MB", gigabytes = "GB", terabytes = "TB" }
  package enum TimeUnit: String, Sendable { case milliseconds = "ms", seconds = "s", minutes = "min", hours = "h", days = "d" }

  case integer(Int)
  case boolean(Bool)
  case text(String)
  case size(Int, SizeUnit)
  case time(Int, TimeUnit)
  /// A comma-separated list of plain words, such as `listen_addresses`.
  case list([String])

  /// What PostgreSQL itself shows for the setting, without quotes; also the form for Patroni's YAML.
  package var plain: String {
    switch self {
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "on" : "off"
    case .text(let text): text
    case .size(let number, let unit): "\(number)\(unit.rawValue)"
    case .time(let number, let unit): "\(number)\(unit.rawValue)"
    case .list(let items): items.joined(separator: ",")
    }
  }

  /// Numbers and booleans bare; the rest in single quotes, in which the server reads C's escapes (PostgreSQL source, guc-file.l).
  var configuration: String {
    switch self {
    case .integer, .boolean: plain
    default: "'\(plain.unicodeScalars.map(Self.escaped).joined())'"
    }
  }

  /// For Patroni, which hands the value to PostgreSQL.
  package var yaml: YAMLValue {
    switch self {
    case .integer(let number): .integer(number)
    default: .text(plain)
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "'": "''"
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.value < 32 || scalar.value == 127: "\\" + octal(scalar.value)
    default: String(scalar)
    }
  }

  private static func octal(_ value: UInt32) -> String {
    let digits = String(value, radix: 8)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
