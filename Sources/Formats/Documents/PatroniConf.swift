package import Diagnostics
package import NetworkTypes

/// patroni.yml of one member.
package struct PatroniConf: ConfigDocument {
  package struct Setting: Sendable, Hashable {
    package var name: PostgreSQLName
    package var value: PostgreSQLValue
    package var origin: Span?
    package init(_ name: PostgreSQLName, _ value: PostgreSQLValue, origin: Span? = nil) {
      self.name = name
      self.value = value
      self.origin = origin
    }
  }

  package struct Role: Sendable, Hashable {
    package var user: String
    package var password: SecretPlaceholder
    package var origin: Span?
    package init(user: String, password: SecretPlaceholder, origin: Span? = nil) {
      self.user = user
      self.password = password
      self.origin = origin
    }
  }

  /// What Patroni keeps in etcd for all members: `bootstrap.dcs`, written there by the first member only.
  package struct ClusterSettings: Sendable, Hashable {
    /// Seconds, as are the next two.
    package var ttl: Int
    package var loopWait: Int
    package var retryTimeout: Int
    /// Bytes that a standby may lag and still be promoted.
    package var maximumLag: Int
    package var failsafe: Bool
    package var synchronous: Bool
    package var parameters: [Setting]
    package var hba: [PgHBA.Line]
    package init(
      ttl: Int, loopWait: Int, retryTimeout: Int, maximumLag: Int = 1_048_576, failsafe: Bool, synchronous: Bool, parameters: [Setting],
      hba: [PgHBA.Line]
    ) {
      self.ttl = ttl
      self.loopWait = loopWait
      self.retryTimeout = retryTimeout
      self.maximumLag = maximumLag
      self.failsafe = failsafe
      self.synchronous = synchronous
      self.parameters = parameters
      self.hba = hba
    }
  }

  package struct Etcd: Sendable, Hashable {
    package var address: IPAddress
    package var port: Int
    package var origin: Span?
    package init(_ address: IPAddress, port: Int = 2379, origin: Span? = nil) {
      self.address = address
      self.port = port
      self.origin = origin
    }
  }

  package var scope: String
  package var member: HostName
  package var address: IPAddress
  package var restPort: Int
  package var port: Int
  /// Beside the member's own address; for local maintenance.
  package var listensOnLoopback: Bool
  package var etcd: [Etcd]
  package var cluster: ClusterSettings
  package var dataDirectory: String
  package var binaryDirectory: String
  /// Where Patroni keeps postgresql.conf and pg_hba.conf; nil: in the data directory.
  package var configurationDirectory: String?
  package var passwordFile: String
  package var socketDirectory: String
  package var superuser: Role
  package var replication: Role
  package var rewind: Role
  package var origin: Span?

  package init(
    scope: String, member: HostName, address: IPAddress, restPort: Int, port: Int, listensOnLoopback: Bool = true, etcd: [Etcd],
    cluster: ClusterSettings, dataDirectory: String, binaryDirectory: String, configurationDirectory: String? = nil, passwordFile: String,
    socketDirectory: String, superuser: Role, replication: Role, rewind: Role, origin: Span? = nil
  ) {
    self.scope = scope
    self.member = member
    self.address = address
    self.restPort = restPort
    self.port = port
    self.listensOnLoopback = listensOnLoopback
    self.etcd = etcd
    self.cluster = cluster
    self.dataDirectory = dataDirectory
    self.binaryDirectory = binaryDirectory
    self.configurationDirectory = configurationDirectory
    self.passwordFile = passwordFile
    self.socketDirectory = socketDirectory
    self.superuser = superuser
    self.replication = replication
    self.rewind = rewind
    self.origin = origin
  }
}
