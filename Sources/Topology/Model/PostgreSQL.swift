package import Diagnostics
package import NetworkTypes

package struct PostgreSQL: Sendable {
  package var span: Span
  /// Major version; nil for an external server that did not say.
  package var version: Located<Int>?
  package var deployment: Deployment
  /// Default 5432.
  package var port: Located<Int>?
  /// Default `main`.
  package var cluster: Located<String>?
  package var dataDirectory: Located<String>?
  /// Nil is the same as `auto`.
  package var maxConnections: Located<MaxConnections>?
  package var database: Database
  package var parameters: [Setting]
  package var hba: [Located<HBAEntry>]
  /// Connections of others (monitoring, scripts) to the same server, default 0.
  package var otherConnections: Located<Int>?
  package var pooler: Located<Pooler>?
  package var extensions: [Located<String>]

  package enum Deployment: Sendable {
    case streaming(Streaming)
    case patroni(Patroni)
    case external(ExternalDatabase)
  }

  package enum MaxConnections: Hashable, Sendable {
    case auto
    case fixed(Int)
  }

  package enum Pooler: String, Sendable, CaseIterable { case none, session, transaction, statement }

  /// The hosts of our own server, in file order; empty for an external one.
  package var members: [Located<HostID>] {
    switch deployment {
    case .streaming(let streaming): streaming.members
    case .patroni(let patroni): patroni.members
    case .external: []
    }
  }
}

/// Name and owner of MAAS' database.
package struct Database: Sendable {
  package var span: Span
  /// Default `maasdb`.
  package var name: Located<String>?
  /// Default `maas`.
  package var user: Located<String>?
  package var password: Located<SecretID>?
}

/// One primary and its hot standbys, fail-over by hand.
package struct Streaming: Sendable {
  package var members: [Located<HostID>]
  package var replication: Replication?
}

package struct Replication: Sendable {
  package var span: Span
  /// Default `replicator`.
  package var user: Located<String>?
  package var password: Located<SecretID>?
  package var synchronous: Located<Bool>?
}

/// Automatic fail-over by Patroni over etcd.
package struct Patroni: Sendable {
  package var span: Span
  package var members: [Located<HostID>]
  package var replication: Replication?
  /// Default: the topology's name.
  package var scope: Located<String>?
  package var etcd: [Located<HostID>]
  package var superuserPassword: Located<SecretID>?
  package var rewindUser: Located<String>?
  package var rewindPassword: Located<SecretID>?
  package var ttl: Located<Int>?
  package var loopWait: Located<Int>?
  package var retryTimeout: Located<Int>?
  package var failsafeMode: Located<Bool>?
}

/// A server that somebody else runs.
package struct ExternalDatabase: Sendable {
  package var span: Span
  package var host: Located<DatabaseHost>
  package var port: Located<Int>?
  package var maxConnections: Located<Int>?
  package var reservedConnections: Located<Int>?
  package var requiresTLS: Located<Bool>?
}

/// What regiond.conf's `database_host` gets. Several hosts in one text are kept, so that M404 can say what is wrong with them.
package enum DatabaseHost: Hashable, Sendable, CustomStringConvertible {
  case name(HostName)
  case address(IPAddress)
  case several([String])

  package var description: String {
    switch self {
    case .name(let name): name.description
    case .address(let address): address.description
    case .several(let hosts): hosts.joined(separator: ",")
    }
  }
}

/// One line of pg_hba.conf, read field by field.
package struct HBAEntry: Hashable, Sendable {
  package enum Connection: String, Sendable, CaseIterable { case local, host, hostssl, hostnossl, hostgssenc, hostnogssenc }
  package enum Peer: Hashable, Sendable {
    case network(IPNetwork)
    case name(String)
    /// `all`, `samehost`, `samenet`.
    case keyword(String)
  }
  package var connection: Connection
  package var databases: [String]
  package var users: [String]
  /// Nil for `local`.
  package var peer: Peer?
  package var method: String
  package var options: [String]
  package init(connection: Connection, databases: [String], users: [String], peer: Peer?, method: String, options: [String] = []) {
    self.connection = connection
    self.databases = databases
    self.users = users
    self.peer = peer
    self.method = method
    self.options = options
  }
}

// MARK: Reading

extension PostgreSQL {
  private enum Mode: String, CaseIterable { case streaming, patroni, external }

  static func read(_ span: Span, _ reader: inout TopologyReader) -> PostgreSQL? {
    let version = reader.scalar("version", .postgresqlVersion, "Major version; optional with an external server.")
    let mode = reader.scalar("mode", .choice("PostgreSQL mode"), "streaming (default), patroni or external.") as Located<Mode>?
    let members = reader.distinct(
      reader.list("members", .host, "Hosts of the server. Which one is primary is discovered; the first only where no cluster exists yet."), "host")
    let port = reader.scalar("port", .port, "Port, default 5432.")
    let cluster = reader.scalar("cluster", .name, "Debian's cluster name, default main.")
    let directory = reader.scalar("data_directory", .absolutePath, "Data directory, default the distribution's.")
    let maxConnections = reader.scalar(
      "max_connections", .maxConnections, "auto (default): computed from the topology; or a number, which is checked.")
    let database = reader.mapping("database", "MAAS' database and its owner.") { span, reader in Database.read(span, &reader) }
    let parameters = reader.readSettings("parameters", "Further parameters of postgresql.conf, used as they are.")
    let hba = reader.list(
      "hba", .hbaEntry,
      "Further lines of pg_hba.conf, below those that admit MAAS and the standbys, so that none undoes these; one that would is M410.")
    let others = reader.scalar("other_connections", .integer(0...100_000), "Connections of others to the same server, default 0.")
    let pooler =
      reader.scalar("pooler", .choice("pooling mode"), "Of a connection pooler in front of the server; transaction and statement pooling break MAAS.")
      as Located<Pooler>?
    let extensions = reader.list(
      "extensions", .name, "Extensions: those that an external server offers; of our own, those to create beside what MAAS creates.")
    let replication = reader.mapping("replication", "The role that standbys connect as.") { span, reader in Replication.read(span, &reader) }
    let external = reader.mapping("external", "A server that somebody else runs.") { span, reader in ExternalDatabase.read(span, &reader) }
    let patroni = reader.mapping("patroni", "Automatic fail-over by Patroni over etcd.") { span, reader in Patroni.read(span, &reader) }
    guard !reader.isRecording else { return nil }
    let kind = mode?.value ?? (reader.keySpan("external") != nil ? .external : reader.keySpan("patroni") != nil ? .patroni : .streaming)
    if mode != nil || reader.keySpan("mode") == nil {
      let foreign: [StaticString] =
        switch kind {
        case .external: ["members", "replication", "patroni"]
        case .streaming: ["external", "patroni"]
        case .patroni: ["external"]
        }
      reader.reportForeignKeys(of: kind.rawValue, foreign)
      let required: [StaticString] =
        switch kind {
        case .external: ["external"]
        case .streaming: ["members", "version"]
        case .patroni: ["members", "version", "patroni"]
        }
      for key in required { reader.require(key, reader.keySpan(key) != nil) }
    }
    let deployment: Deployment
    switch kind {
    case .streaming: deployment = .streaming(Streaming(members: members, replication: replication))
    case .patroni:
      guard var patroni else { return PostgreSQL(unreadable: span) }
      patroni.members = members
      patroni.replication = replication
      deployment = .patroni(patroni)
    case .external:
      guard let external else { return PostgreSQL(unreadable: span) }
      deployment = .external(external)
    }
    return PostgreSQL(
      span: span, version: version, deployment: deployment, port: port, cluster: cluster, dataDirectory: directory, maxConnections: maxConnections,
      database: database ?? Database(span: span), parameters: parameters, hba: hba, otherConnections: others, pooler: pooler, extensions: extensions)
  }
}

extension PostgreSQL {
  /// Stands for a section, or the most of one, that is missing.
  init(unreadable span: Span) {
    self.init(
      span: span, deployment: .streaming(Streaming(members: [], replication: nil)), database: Database(span: span), parameters: [], hba: [],
      extensions: [])
  }
}

extension Database {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Database {
    Database(
      span: span, name: reader.scalar("name", .text, "Default maasdb."), user: reader.scalar("user", .text, "Owner, default maas."),
      password: reader.scalar("password", .secret, "Secret with the owner's password."))
  }
}

extension Replication {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Replication {
    Replication(
      span: span, user: reader.scalar("user", .text, "Default replicator."),
      password: reader.scalar("password", .secret, "Secret with its password."),
      synchronous: reader.scalar("synchronous", .boolean, "A commit waits for a standby; needs two of them."))
  }
}

extension Patroni {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Patroni {
    let scope = reader.scalar("scope", .name, "Name of the cluster in etcd, default the topology's name.")
    let etcd = reader.distinct(reader.optionalList("etcd", .host, "Hosts that run etcd.", required: true) ?? [], "host")
    let superuser = reader.scalar("superuser_password", .secret, "Secret with the password of postgres.", required: true)
    let rewind = reader.mapping("rewind", "The role that pg_rewind connects as.") { _, reader in
      (reader.scalar("user", .text, "Default rewind."), reader.scalar("password", .secret, "Secret with its password.", required: true))
    }
    let ttl = reader.scalar("ttl", .integer(1...3600), "Seconds after which a silent leader loses its place, default 20.")
    let loopWait = reader.scalar("loop_wait", .integer(1...3600), "Seconds between Patroni's rounds, default 5.")
    let retryTimeout = reader.scalar("retry_timeout", .integer(1...3600), "Seconds that etcd may be silent, default 5.")
    let failsafe = reader.scalar("failsafe_mode", .boolean, "Keep the primary while etcd is away and all members answer, default true.")
    return Patroni(
      span: span, members: [], replication: nil, scope: scope, etcd: etcd, superuserPassword: superuser, rewindUser: rewind?.0,
      rewindPassword: rewind?.1, ttl: ttl, loopWait: loopWait, retryTimeout: retryTimeout, failsafeMode: failsafe)
  }
}

extension ExternalDatabase {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> ExternalDatabase? {
    let host = reader.scalar("host", .databaseHost, "Name or address of the server.", required: true)
    let port = reader.scalar("port", .port, "Port, default 5432.")
    let maxConnections = reader.scalar("max_connections", .integer(1...262_143), "What the server allows, for M402 and M403.")
    let reserved = reader.scalar("reserved_connections", .integer(0...262_143), "Of these, kept for superusers and others; default 3.")
    let tls = reader.scalar("requires_tls", .boolean, "The server refuses connections without TLS.")
    guard let host else { return nil }
    return ExternalDatabase(
      span: span, host: host, port: port, maxConnections: maxConnections, reservedConnections: reserved, requiresTLS: tls)
  }
}

extension ScalarType where Value == Int {
  /// A major version, `16`; quoted or not.
  static var postgresqlVersion: ScalarType<Int> {
    ScalarType(
      noun: "PostgreSQL major version", schema: .either([.integer(8...99), .text(noun: "major version", pattern: "^[0-9]{1,2}$", examples: ["16"])])
    ) {
      text, _ in
      guard let value = Int(text.text), (8...99).contains(value) else { return .bad(reason: "wanted is a number such as 16") }
      return .value(value)
    }
  }
}

extension ScalarType where Value == PostgreSQL.MaxConnections {
  static var maxConnections: ScalarType<PostgreSQL.MaxConnections> {
    ScalarType(noun: "number of connections", schema: .either([.choice(["auto"]), .integer(1...262_143)])) { text, _ in
      if text.text == "auto" { return .value(.auto) }
      guard !text.isQuoted, let value = coreInteger(text.text), (1...262_143).contains(value) else {
        return .bad(reason: "wanted is auto or 1 to 262143", suggestion: nearest(to: text.text, in: ["auto"]))
      }
      return .value(.fixed(value))
    }
  }
}

extension ScalarType where Value == DatabaseHost {
  static var databaseHost: ScalarType<DatabaseHost> {
    let schema = Schema.text(noun: "host name or address", pattern: "^[A-Za-z0-9._:,\\[\\] -]+$", examples: ["pg.example.net"])
    return ScalarType(noun: "host name or address", schema: schema) { text, _ in
      if let host = parseDatabaseHost(text.text) { return .value(host) }
      let parts = text.text.split(separator: ",").map { part in String(part.drop { $0 == " " }) }
      if parts.count > 1, parts.allSatisfy({ parseDatabaseHost($0) != nil }) { return .value(.several(parts)) }
      return .bad()
    }
  }
}

private func parseDatabaseHost(_ text: String) -> DatabaseHost? {
  if let address = IPAddress(text) { return .address(address) }
  // Digits and dots only: an address with a mistake, not a name.
  if text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) { return nil }
  return HostName(text).map(DatabaseHost.name)
}

extension ScalarType where Value == HBAEntry {
  static var hbaEntry: ScalarType<HBAEntry> {
    let schema = Schema.text(
      noun: "pg_hba.conf line", pattern: "^(local|host|hostssl|hostnossl|hostgssenc|hostnogssenc)\\s",
      examples: ["host all monitoring 10.9.0.0/24 scram-sha-256"])
    return ScalarType(noun: "pg_hba.conf line", schema: schema) { text, _ in
      switch HBAEntry.parse(text.text) {
      case .success(let entry): .value(entry)
      case .failure(let reason): .bad(reason: reason.text)
      }
    }
  }
}

extension HBAEntry {
  struct Reason: Error { var text: String }
  static let methods = [
    "trust", "reject", "scram-sha-256", "md5", "password", "gss", "sspi", "ident", "peer", "ldap", "radius", "cert", "pam", "bsd",
  ]

  /// `TYPE DATABASE USER [ADDRESS [MASK]] METHOD [OPTIONS]`; PostgreSQL's manual, section "The pg_hba.conf File".
  static func parse(_ text: String) -> Result<HBAEntry, Reason> {
    guard !hasControlCharacter(text), !text.contains("#") else { return .failure(Reason(text: "it holds a comment or a control character")) }
    var words = text.split(separator: " ").map(String.init)
    guard let first = words.first, let connection = Connection(rawValue: first) else {
      return .failure(Reason(text: "it begins with local, host, hostssl or hostnossl"))
    }
    words.removeFirst()
    guard words.count >= (connection == .local ? 3 : 4) else { return .failure(Reason(text: "wanted is TYPE DATABASE USER ADDRESS METHOD")) }
    let databases = words[0].split(separator: ",").map(String.init)
    let users = words[1].split(separator: ",").map(String.init)
    words.removeFirst(2)
    var peer: Peer?
    if connection != .local {
      guard let read = readPeer(&words) else { return .failure(Reason(text: "'\(words.first ?? "")' is no address with prefix, name or keyword")) }
      peer = read
    }
    guard let method = words.first, methods.contains(method) else {
      return .failure(Reason(text: "'\(words.first ?? "")' is no authentication method"))
    }
    return .success(
      HBAEntry(connection: connection, databases: databases, users: users, peer: peer, method: method, options: Array(words.dropFirst())))
  }

  private static func readPeer(_ words: inout [String]) -> Peer? {
    guard let word = words.first else { return nil }
    if ["all", "samehost", "samenet"].contains(word) {
      words.removeFirst()
      return .keyword(word)
    }
    if case .success(let address) = InterfaceAddress.parse(word) {
      guard address.isNetwork else { return nil }
      words.removeFirst()
      return .network(address.network)
    }
    if let address = IPAddress(word) {
      guard words.count > 1, let mask = IPAddress(words[1]), mask.family == address.family else { return nil }
      let length = mask.value.nonzeroBitCount
      guard IPNetwork(IPAddress(mask.family, .max), prefixLength: length).netmask == mask else { return nil }
      words.removeFirst(2)
      return .network(IPNetwork(address, prefixLength: length))
    }
    let bare = word.hasPrefix(".") ? String(word.dropFirst()) : word
    guard HostName(bare) != nil else { return nil }
    words.removeFirst()
    return .name(word)
  }
}
