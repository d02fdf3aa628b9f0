package import Diagnostics
package import MAASFacts
package import NetworkTypes

/// What holds for the installation as a whole.
package struct MAAS: Sendable {
  package var span: Span
  package var version: Located<MAASVersion>
  package var install: Located<InstallKind>?
  package var channel: Located<Channel>?
  package var url: Located<HTTPURL>?
  package var admin: Administrator?
  /// MAAS' own settings (`maas set-config`), names checked against the fact table.
  package var settings: [Setting]
  package var tls: TLS?
  package var vault: Vault?
  package var bootSources: [BootSource]
}

/// A snap channel, `3.7/stable`.
package struct Channel: Hashable, Sendable, CustomStringConvertible {
  package enum Risk: String, Sendable, CaseIterable { case stable, candidate, beta, edge }
  package var track: String
  package var risk: Risk
  package init(track: String, risk: Risk) {
    self.track = track
    self.risk = risk
  }
  package var description: String { "\(track)/\(risk.rawValue)" }
}

package struct Administrator: Sendable {
  package var username: Located<String>
  package var email: Located<String>
  package var password: Located<SecretID>
}

/// A scalar whose type a fact table decides: a MAAS setting, an option of regiond.conf, a PostgreSQL parameter.
package struct Setting: Sendable {
  package var name: Located<String>
  package var value: Located<ScalarText>
}

/// A scalar as it was written. Its reader is the fact table's type, never a guess.
package struct ScalarText: Hashable, Sendable {
  package var text: String
  /// Quoted, or a block scalar: it can only be text.
  package var isQuoted: Bool
  package init(_ text: String, isQuoted: Bool = false) {
    self.text = text
    self.isQuoted = isQuoted
  }
}

package struct TLS: Sendable {
  package var span: Span
  /// Default 5443.
  package var port: Located<Int>?
  package var certificate: Located<SecretID>
  package var key: Located<SecretID>
  /// A public certificate in the repository, read by `check` for M511; a path relative to the topology file.
  package var certificateFile: Located<String>?
}

package struct Vault: Sendable {
  package var span: Span
  package var url: Located<HTTPURL>
  package var secretsPath: Located<String>
  /// Default `secret`.
  package var secretsMount: Located<String>?
  package var approleID: Located<SecretID>
  package var wrappedToken: Located<SecretID>
  /// The database's credentials are in Vault already, so regiond.conf must not hold them.
  package var migrated: Located<Bool>?
}

package struct BootSource: Sendable {
  package var url: Located<HTTPURL>
  package var keyring: Located<String>?
}

/// Where packages come from.
package struct Packages: Sendable {
  /// `packages.snap.cohort`.
  package var snapCohort: Located<String>?
  /// A directory on the operator's machine with `*.snap` and `*.assert`, for sites without the store.
  package var snapFiles: Located<String>?
  /// A deb822 `.sources` file beside the topology that replaces the PPA.
  package var aptSources: Located<String>?
  /// Package name to apt version pattern.
  package var aptVersions: [Setting]
  package init() { aptVersions = [] }
}

/// Where a value is found at deploy time; the value itself never stands in the file.
package struct Secret: Sendable {
  package enum Source: Hashable, Sendable {
    case environment(String)
    case file(String)
    case command([String])
  }
  package enum Reader: String, Sendable, CaseIterable { case `operator`, host }
  package var id: SecretID
  package var name: Located<String>
  package var source: Source
  /// Single use: asked for once for each host that needs it.
  package var perHost: Bool
  /// Who resolves it: deploy.sh on the operator's machine, or the host itself.
  package var reader: Reader
}
