package import Diagnostics

/// A file of /etc/sysctl.d.
package struct SysctlConf: ConfigDocument {
  package struct Setting: Sendable, Hashable {
    package var key: SysctlKey
    package var value: Int
    package var comment: LineText?
    package var origin: Span?
    package init(_ key: SysctlKey, _ value: Int, comment: LineText? = nil, origin: Span? = nil) {
      self.key = key
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
      writer.line("\(setting.key) = \(setting.value)", origin: setting.origin)
    }
  }
}

/// `net.ipv4.ip_nonlocal_bind`; a dot inside an interface's name is written as `/`.
package enum SysctlKeyGrammar: TextGrammar {
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "_./-".unicodeScalars.contains(scalar)
  }
}
package typealias SysctlKey = RestrictedText<SysctlKeyGrammar>
