package import Diagnostics
package import NetworkTypes

/// pg_hba.conf: the first line that matches decides, so order is kept.
package struct PgHBA: ConfigDocument {
  package enum Connection: String, Sendable { case local, host, hostssl, hostnossl, hostgssenc, hostnogssenc }

  package enum Database: Sendable, Hashable {
    case all, sameuser, samerole, replication
    case named(String)
    /// A word from the topology, in pg_hba.conf's own language (`all`, `/regular-expression`, `@file`).
    case written(String)
  }

  package enum User: Sendable, Hashable {
    case all
    case named(String)
    /// As for databases; `+group` too.
    case written(String)
  }

  package enum Peer: Sendable, Hashable {
    case all, samehost, samenet
    case network(IPNetwork)
    case address(IPAddress)
    case name(String)
  }

  package enum Method: Sendable, Hashable {
    case trust, reject, peer, scramSHA256
    case written(String)
  }

  package struct Line: Sendable, Hashable {
    package var connection: Connection
    package var databases: [Database]
    package var users: [User]
    /// Nil for `local`.
    package var peer: Peer?
    package var method: Method
    /// `name=value`
    package var options: [String]
    package var comment: LineText?
    package var origin: Span?

    package init(
      _ connection: Connection, databases: [Database], users: [User], from peer: Peer? = nil, method: Method, options: [String] = [],
      comment: LineText? = nil, origin: Span? = nil
    ) {
      self.connection = connection
      self.databases = databases
      self.users = users
      self.peer = peer
      self.method = method
      self.options = options
      self.comment = comment
      self.origin = origin
    }
  }

  package var lines: [Line]
  package init(lines: [Line]) { self.lines = lines }

  package func write(to writer: inout TextWriter) {
    for line in lines {
      if let comment = line.comment { writer.line("# \(comment)", origin: line.origin) }
      writer.line(line.text, origin: line.origin)
    }
  }
}

extension PgHBA.Line {
  /// One line of the file; also an item of Patroni's `pg_hba`.
  package var text: String {
    let fields: [String?] = [
      connection.rawValue, databases.map(\.text).joined(separator: ","), users.map(\.text).joined(separator: ","), peer?.text, method.text,
    ]
    return (fields.compactMap { $0 } + options.map(PgHBA.word)).joined(separator: " ")
  }
}

extension PgHBA {
  /// In double quotes a keyword loses its meaning, and a quote is doubled (PostgreSQL source, hba.c). A line break cannot be carried.
  static func quote(_ name: String) -> String {
    let line = name.unicodeScalars.filter { !$0.breaksLines }
    return "\"" + line.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  /// A word in the file's own language: as it is, unless it would end early.
  static func word(_ text: String) -> String {
    let scalars = text.unicodeScalars
    if scalars.count > 2, scalars.first == "\"", scalars.last == "\"", !scalars.dropFirst().dropLast().contains("\"") { return text }
    let isBare = scalars.allSatisfy { !($0.breaksLines || " \",#".unicodeScalars.contains($0)) }
    return isBare && !text.isEmpty ? text : quote(text)
  }

  /// Bare where it is a plain name and no keyword.
  static func name(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0.isLetter || $0.isDigit || $0 == "_" } && !text.isEmpty
    return isPlain && !["all", "sameuser", "samerole", "samegroup", "replication"].contains(text) ? text : quote(text)
  }
}

extension PgHBA.Database {
  fileprivate var text: String {
    switch self {
    case .all: "all"
    case .sameuser: "sameuser"
    case .samerole: "samerole"
    case .replication: "replication"
    case .named(let name): PgHBA.name(name)
    case .written(let word): PgHBA.word(word)
    }
  }
}

extension PgHBA.User {
  fileprivate var text: String {
    switch self {
    case .all: "all"
    case .named(let name): PgHBA.name(name)
    case .written(let word): PgHBA.word(word)
    }
  }
}

extension PgHBA.Peer {
  fileprivate var text: String {
    switch self {
    case .all: "all"
    case .samehost: "samehost"
    case .samenet: "samenet"
    case .network(let network): network.description
    case .address(let address): "\(address)/\(address.family.bits)"
    case .name(let name): PgHBA.word(name)
    }
  }
}

extension PgHBA.Method {
  fileprivate var text: String {
    switch self {
    case .trust: "trust"
    case .reject: "reject"
    case .peer: "peer"
    case .scramSHA256: "scram-sha-256"
    case .written(let word): PgHBA.word(word)
    }
  }
}
