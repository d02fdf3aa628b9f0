import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The parameters of one member: ours, then the topology's `parameters`, which replace ours of the same name.
struct PostgreSQLSettings {
  let topology: Topology
  let server: DatabaseServer
  let member: DatabaseServer.Member

  /// Whatever a streaming member has.
  func streaming(isReplicated: Bool, isSynchronous: Bool) -> [PostgreSQLConf.Setting] {
    overridden(places + shared + (isReplicated ? replication(isSynchronous: isSynchronous) : []))
  }

  /// What Patroni keeps in etcd for all members; it sets addresses, port, places and replication by itself.
  func patroni() -> [PostgreSQLConf.Setting] { overridden(shared) }

  private var places: [PostgreSQLConf.Setting] {
    let configuration = server.configuration
    return [
      .init("data_directory", .text(server.dataDirectory), origin: topology.dataDirectory().span),
      .init("hba_file", .text(server.hbaFile)),
      .init("ident_file", .text("\(configuration)/pg_ident.conf")),
      .init("external_pid_file", .text("\(DatabaseServer.socketDirectory)/\(server.version)-\(server.cluster).pid")),
      .init("unix_socket_directories", .text(DatabaseServer.socketDirectory)),
      .init("listen_addresses", .list(["localhost", member.address.description]), comment: "never *: HAProxy may hold the port on the VIP"),
      .init("port", .integer(server.port), origin: topology.databasePort().span),
      .init("cluster_name", .text(member.name)),
    ]
  }

  private var shared: [PostgreSQLConf.Setting] {
    let maximum = topology.maxConnections()
    let senders = server.members.count + 10
    let ours: [PostgreSQLConf.Setting] = [
      .init("max_connections", .integer(maximum.value), comment: LineText(reason(maximum)), origin: maximum.span),
      .init("password_encryption", .text("scram-sha-256")),
      .init("wal_level", .text("replica")),
      .init("wal_log_hints", .boolean(true), comment: "pg_rewind needs it"),
      .init("hot_standby", .boolean(true)),
      .init("hot_standby_feedback", .boolean(true)),
      .init("max_wal_senders", .integer(senders)),
      .init("max_replication_slots", .integer(senders)),
    ]
    return ours + slotLimit + silence + keepalives
  }

  /// A standby that is gone for good must not fill the primary's disk. The parameter came with PostgreSQL 13.
  private var slotLimit: [PostgreSQLConf.Setting] {
    server.version < 13 ? [] : [.init("max_slot_wal_keep_size", .size(16, .gigabytes), comment: "a standby that stays away longer is copied anew")]
  }

  /// While a synchronous standby is dead but not known to be, every commit waits for it; PostgreSQL's own limit is a minute.
  private var silence: [PostgreSQLConf.Setting] {
    [
      .init("wal_sender_timeout", .time(10, .seconds), comment: "a peer that lost its power is given up"),
      .init("wal_receiver_timeout", .time(10, .seconds)),
    ]
  }

  /// Connections through a load balancer that lost its power would else count against max_connections for two hours.
  private var keepalives: [PostgreSQLConf.Setting] {
    [
      .init("tcp_keepalives_idle", .integer(60), comment: "frees the connections of a client host that died"),
      .init("tcp_keepalives_interval", .integer(10)),
      .init("tcp_keepalives_count", .integer(3)),
    ]
  }

  /// The same on every member: a standby looks among its peers for the one that accepts writes.
  private func replication(isSynchronous: Bool) -> [PostgreSQLConf.Setting] {
    let peers = server.peers(of: member.id)
    let words = [
      "host=\(peers.map(\.address.description).joined(separator: ","))", "port=\(server.port)",
      "user=\(ConnectionString.quote(server.replicationUser))",
      "passfile=\(DatabaseServer.passfile)", "application_name=\(member.name)", "target_session_attrs=read-write",
      // A WAL receiver heeds no connect_timeout: libpq applies it only where it waits itself, and a dead host of the list costs two minutes.
      "tcp_user_timeout=10000", "keepalives_idle=10", "keepalives_interval=5", "keepalives_count=3",
    ]
    let standbys = peers.map { SQL.identifier($0.name) }.joined(separator: ", ")
    return [
      .init("primary_conninfo", .text(words.joined(separator: " "))), .init("primary_slot_name", .text(member.slot)),
      .init("recovery_target_timeline", .text("latest")),
      .init("synchronous_standby_names", .text(isSynchronous ? "ANY 1 (\(standbys))" : "")),
    ]
  }

  private func overridden(_ settings: [PostgreSQLConf.Setting]) -> [PostgreSQLConf.Setting] {
    let given = topology.postgresql.parameters.compactMap(Self.setting)
    let names = given.map(\.name)
    return settings.filter { !names.contains($0.name) } + given
  }

  private static func setting(_ parameter: Setting) -> PostgreSQLConf.Setting? {
    guard let name = PostgreSQLName(parameter.name.value) else { return nil }
    let scalar = parameter.value.value
    let value = scalar.isQuoted ? PostgreSQLValue.text(scalar.text) : Int(scalar.text).map { .integer($0) } ?? .text(scalar.text)
    return .init(name, value, origin: parameter.name.span.union(parameter.value.span))
  }

  private func reason(_ derived: Derived<Int>) -> String {
    if case .chosen(let reason) = derived.origin { reason } else { "as the topology says" }
  }
}

/// libpq's `name=value` words.
enum ConnectionString {
  static func quote(_ value: String) -> String {
    "'" + value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
