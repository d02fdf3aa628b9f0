package import Diagnostics

/// A file of /etc/apt/preferences.d: which version of a package apt prefers.
package struct AptPreferences: ConfigDocument {
  package struct Pin: Sendable, Hashable {
    package var package: AptWord
    /// `version 1:3.6.5-*`, `release o=Ubuntu`
    package var pin: LineText
    package var priority: Int
    package var explanation: LineText?
    package var origin: Span?
    package init(package: AptWord, pin: LineText, priority: Int, explanation: LineText? = nil, origin: Span? = nil) {
      self.package = package
      self.pin = pin
      self.priority = priority
      self.explanation = explanation
      self.origin = origin
    }
  }

  package var pins: [Pin]
  package init(pins: [Pin]) { self.pins = pins }

  package func write(to writer: inout TextWriter) {
    for (index, pin) in pins.enumerated() {
      // An empty line parts the stanzas; a comment line above the first one is part of it.
      if index > 0 { writer.line() }
      writer.from(pin.origin) { writer in
        if let explanation = pin.explanation { writer.line("Explanation: \(explanation)") }
        writer.line("Package: \(pin.package)")
        writer.line("Pin: \(pin.pin)")
        writer.line("Pin-Priority: \(pin.priority)")
      }
    }
  }
}

/// A file of /etc/apt/sources.list.d in the deb822 form.
package struct AptSources: ConfigDocument {
  package var types: [AptWord]
  package var uris: [AptWord]
  package var suites: [AptWord]
  package var components: [AptWord]
  /// Path of the keyring.
  package var signedBy: AptWord?
  package var origin: Span?

  package init(types: [AptWord] = ["deb"], uris: [AptWord], suites: [AptWord], components: [AptWord], signedBy: AptWord? = nil, origin: Span? = nil) {
    self.types = types
    self.uris = uris
    self.suites = suites
    self.components = components
    self.signedBy = signedBy
    self.origin = origin
  }

  package func write(to writer: inout TextWriter) {
    let fields: [(String, [AptWord])] = [
      ("Types", types), ("URIs", uris), ("Suites", suites), ("Components", components), ("Signed-By", signedBy.map { [$0] } ?? []),
    ]
    for (name, words) in fields where !words.isEmpty {
      writer.line("\(name): \(words.map(\.description).joined(separator: " "))", origin: origin)
    }
  }
}

/// A file of /etc/apt/apt.conf.d that keeps unattended-upgrades away from packages (patterns in its own regular expressions).
package struct AptHold: ConfigDocument {
  package var packages: [AptWord]
  package var origin: Span?
  package init(packages: [AptWord], origin: Span? = nil) {
    self.packages = packages
    self.origin = origin
  }

  package static let comment: String? = "//"

  package func write(to writer: inout TextWriter) {
    writer.from(origin) { writer in
      writer.line("Unattended-Upgrade::Package-Blacklist {")
      writer.indented { for package in packages { $0.line("\"\(package)\";") } }
      writer.line("};")
    }
  }
}

/// A file of /etc/needrestart/conf.d: services that it never restarts by itself.
package struct NeedrestartConf: ConfigDocument {
  package var services: [SystemdName]
  package var origin: Span?
  package init(services: [SystemdName], origin: Span? = nil) {
    self.services = services
    self.origin = origin
  }

  package func write(to writer: inout TextWriter) {
    writer.from(origin) { writer in
      for service in services { writer.line("$nrconf{override_rc}->{qr(^\(service))} = 0;") }
    }
  }
}

/// Names of packages with wildcards, suites, paths, URLs, and the regular expressions of unattended-upgrades.
package enum AptWordGrammar: TextGrammar {
  package static let maximumLength = 1024
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "-_.+:~/*?^$@%=,".unicodeScalars.contains(scalar)
  }
}
package typealias AptWord = RestrictedText<AptWordGrammar>
