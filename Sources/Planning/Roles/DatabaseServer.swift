import Diagnostics
import Formats
import NetworkTypes
import Topology

/// Our own PostgreSQL server: the members, names and places that files and steps of all its hosts share.
struct DatabaseServer {
  struct Member {
    let id: HostID
    let name: String
    let address: IPAddress
    /// The physical slot that holds WAL for this member on whichever member is primary.
    var slot: String { "maasc_" + String(name.lowercased().prefix(50).map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
  }

  var members: [Member]
  let version: Int
  let cluster: String
  let port: Int
  let dataDirectory: String
  let replicationUser: String

  init(_ topology: Topology) {
    members = topology.postgresql.members.map { member in
      let host = topology[member.value]
      return Member(id: host.id, name: host.name.value.description, address: host.address.value)
    }
    version = topology.postgresqlVersion().value
    cluster = topology.postgresqlCluster().value
    port = topology.databasePort().value
    dataDirectory = topology.dataDirectory().value
    replicationUser = topology.replicationUser().value
  }

  func peers(of host: HostID) -> [Member] { members.filter { $0.id != host } }
  func member(_ host: HostID) -> Member? { members.first { $0.id == host } }

  var package: String { "postgresql-\(version)" }
  var binaries: String { "/usr/lib/postgresql/\(version)/bin" }
  /// Where Debian keeps a cluster's configuration.
  var configuration: String { "/etc/postgresql/\(version)/\(cluster)" }
  var settingsFile: String { "\(configuration)/conf.d/maasc.conf" }
  var hbaFile: String { "\(configuration)/pg_hba.conf" }
  /// Debian's unit of the cluster; starting it by whatever way passes our guard.
  var unit: String { "postgresql@\(version)-\(cluster).service" }
  static let bootUnit = "maasc-postgresql.service"
  static let roleUnit = "maasc-postgresql-role.service"
  static let passfile = "/var/lib/postgresql/.maasc-replication"
  static let socketDirectory = "/var/run/postgresql"
  /// Debian's packages read every file here before they make a cluster.
  static let createclusterFile = "/etc/postgresql-common/createcluster.d/maasc.conf"
}

extension DatabaseServer {
  /// `as_postgres CMD...` runs a command as the system user postgres, `sql ARGUMENT...` psql over the local socket.
  var shell: Shell {
    """
    as_postgres() { (cd / && exec runuser -u postgres -- env HOME=/var/lib/postgresql "$@"); }
    sql() { as_postgres psql -XAtqw -v ON_ERROR_STOP=1 -h \(Self.socketDirectory) -p \(port) "$@"; }
    """
  }

  /// `role state|peers`: what this member and the others are, in the words of `postgresql-role`.
  var roleShell: Shell { "role() { /usr/bin/python3 -I \(PostgreSQLRoleTool.path) \"$1\"; }" }
}
