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
