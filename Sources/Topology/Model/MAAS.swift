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
  /// False when the file has no version that can be read; `version` is then a guess, and only what every version forbids is wrong.
  package var isVersionKnown = true
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

// MARK: Reading

extension MAAS {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> MAAS {
    let version = reader.scalar("version", .version, "Version of every controller unless it says otherwise, X.Y or X.Y.Z.", required: true)
    let install = reader.scalar("install", .choice("install kind"), "snap (default) or deb; Debian packages end with 3.8.") as Located<InstallKind>?
    let channel = reader.scalar("channel", .channel, "Snap channel. Default: by version, X.Y/stable for a released one.")
    let url = reader.scalar(
      "url", .url, "Where clients, racks and machines reach MAAS. Default: the API VIP, else the load balancer, else the only region.")
    let admin = reader.mapping("admin", "The first administrator, made after the first region's start.") { _, reader in Administrator.read(&reader) }
    let settings = reader.readSettings("settings", "MAAS' own settings, as `maas set-config` names them.")
    let tls = reader.mapping("tls", "TLS on every region, `maas config-tls`.") { span, reader in TLS.read(span, &reader) }
    let vault = reader.mapping("vault", "HashiCorp Vault for MAAS' own secrets, `maas config-vault`.") { span, reader in Vault.read(span, &reader) }
    let bootSources = reader.mappings("boot_sources", "Where images come from instead of images.maas.io.") { _, reader in BootSource.read(&reader) }
    var maas = MAAS(unreadable: span)
    if let version { (maas.version, maas.isVersionKnown) = (version, true) }
    (maas.install, maas.channel, maas.url, maas.admin) = (install, channel, url, admin)
    (maas.settings, maas.tls, maas.vault, maas.bootSources) = (settings, tls, vault, bootSources)
    return maas
  }

  /// Stands for a section that is missing.
  init(unreadable span: Span) {
    self.init(span: span, version: Located(MAASVersion(3, 7), at: span), settings: [], bootSources: [], isVersionKnown: false)
  }
}

extension Administrator {
  static func read(_ reader: inout TopologyReader) -> Administrator? {
    let username = reader.scalar("username", .userName, "Login name.", required: true)
    let email = reader.scalar("email", .email, "E-mail address.", required: true)
    let password = reader.scalar("password", .secret, "Secret with the password.", required: true)
    guard let username, let email, let password else { return nil }
    return Administrator(username: username, email: email, password: password)
  }
}

extension TLS {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> TLS? {
    let port = reader.scalar("port", .port, "Port of MAAS' TLS listener, default 5443.")
    let certificate = reader.scalar(
      "certificate", .secret, "Secret with the certificate in PEM; one for all regions, with the VIP's and each region's name.", required: true)
    let key = reader.scalar("key", .secret, "Secret with the private key in PEM.", required: true)
    let file = reader.scalar("certificate_file", .relativePath, "The certificate in the repository, read by `check` for M511.")
    guard let certificate, let key else { return nil }
    return TLS(span: span, port: port, certificate: certificate, key: key, certificateFile: file)
  }
}

extension Vault {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Vault? {
    let url = reader.scalar("url", .url, "Where Vault answers.", required: true)
    let path = reader.scalar("secrets_path", .vaultPath, "Path of MAAS' secrets in the mount.", required: true)
    let mount = reader.scalar("secrets_mount", .vaultPath, "Mount of the KV engine, default secret.")
    let approle = reader.scalar("approle_id", .secret, "Secret with the AppRole's role id.", required: true)
    let token = reader.scalar("wrapped_token", .secret, "Secret with a wrapped token; single use, so it is `per_host: true`.", required: true)
    let migrated = reader.scalar("migrated", .boolean, "True once the database's credentials are in Vault: regiond.conf then holds none.")
    guard let url, let path, let approle, let token else { return nil }
    return Vault(
      span: span, url: url, secretsPath: path, secretsMount: mount, approleID: approle, wrappedToken: token, migrated: migrated)
  }
}

extension ScalarType where Value == String {
  static var vaultPath: ScalarType<String> {
    pattern("Vault path", "^[A-Za-z0-9_][A-Za-z0-9_./-]*$", "letters, digits and '_./-'") { text in
      (text.utf8.first.map { $0 != 45 && $0 != 46 && $0 != 47 } ?? false) && text.utf8.allSatisfy { isNameByte($0) || $0 == 47 }
    }
  }
}

extension BootSource {
  static func read(_ reader: inout TopologyReader) -> BootSource? {
    let url = reader.scalar("url", .url, "URL of a simplestreams mirror.", required: true)
    let keyring = reader.scalar("keyring", .absolutePath, "Keyring on the region hosts that signs the mirror's index.")
    guard let url else { return nil }
    return BootSource(url: url, keyring: keyring)
  }
}

extension Packages {
  static func read(_ reader: inout TopologyReader) -> Packages {
    var packages = Packages()
    if let snap = reader.mapping(
      "snap", "The snap store.",
      { _, reader in
        (
          reader.scalar("cohort", .name, "Cohort key, so that all controllers get one revision."),
          reader.scalar("files", .absolutePath, "Directory with downloaded *.snap and *.assert, for sites without the store.")
        )
      })
    {
      packages.snapCohort = snap.0
      packages.snapFiles = snap.1
    }
    if let apt = reader.mapping(
      "apt", "Debian packages.",
      { _, reader in
        (
          reader.scalar("sources", .relativePath, "A deb822 .sources file beside the topology, instead of the PPA."),
          reader.readSettings("versions", "Package to version pattern, as apt's pins take it.")
        )
      })
    {
      packages.aptSources = apt.0
      packages.aptVersions = apt.1
    }
    return packages
  }
}

extension Secret {
  static func read(_ name: Located<String>?, _ span: Span, _ reader: inout TopologyReader) -> Secret? {
    let environment = reader.scalar("env", .environmentVariable, "Environment variable of the operator's shell.")
    let file = reader.scalar("file", .absolutePath, "File with the value.")
    let command = reader.list("command", .text, "Command that prints the value, as a list of words; no shell reads it.")
    let perHost = reader.scalar("per_host", .boolean, "Single use: asked for once for each host that needs it.")
    let read = reader.scalar("read", .choice("reader"), "operator (default): where deploy.sh runs; host: on the host itself.") as Located<Reader>?
    let sources: [Source?] = [
      environment.map { .environment($0.value) }, file.map { .file($0.value) }, command.isEmpty ? nil : .command(command.map(\.value)),
    ]
    let given = sources.compactMap { $0 }
    reader.requireOne(of: ["env", "file", "command"])
    guard let name, let source = given.first else { return nil }
    if given.count > 1 {
      reader.report(.unknownKey, "the secret '\(name.value)' has \(given.count) sources, one is wanted", span, help: "keep one of env, file, command")
      return nil
    }
    return Secret(id: SecretID(0), name: name, source: source, perHost: perHost?.value ?? false, reader: read?.value ?? .operator)
  }
}

extension TopologyReader {
  /// Names with scalars whose types a fact table decides.
  mutating func readSettings(_ key: StaticString, _ doc: StaticString) -> [Setting] {
    (namedScalars(key, .name, .any, doc) ?? []).map { Setting(name: $0.key, value: $0.value) }
  }
}
