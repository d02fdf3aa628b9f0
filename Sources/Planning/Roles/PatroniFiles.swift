import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The files of one Patroni member.
struct PatroniFiles {
  /// Names of secrets.
  struct Passwords {
    var superuser: String
    var replication: String
    /// Nil: pg_rewind works as the superuser.
    var rewind: String?
  }

  let builder: PlanBuilder
  let server: DatabaseServer
  let patroni: Patroni
  let passwords: Passwords

  /// Read by Debian's unit.
  static let configuration = "/etc/patroni/config.yml"
  /// What Patroni keeps in etcd, for `patronictl edit-config`.
  static let dynamic = "/etc/patroni/maasc-dynamic.yml"
  static let dropIn = "/etc/systemd/system/patroni.service.d/maasc.conf"
  static let unit = "patroni.service"
  /// Touched at each start and reload: a configuration that is newer has not been read yet.
  static let readMark = "/run/maasc-patroni/read"

  private var topology: Topology { builder.topology }

  func all(of member: DatabaseServer.Member) -> [PlannedFile] {
    var configuration = file(Self.configuration, conf(member), owner: "postgres", mode: 0o600)
    configuration.secrets = [passwords.superuser, passwords.replication, passwords.rewind].compactMap { $0 }
    return [configuration, file(Self.dynamic, Document(value: cluster(member).dcs)), file(Self.dropIn, unit)]
  }

  private func conf(_ member: DatabaseServer.Member) -> PatroniConf {
    let superuser = PatroniConf.Role(user: "postgres", password: SecretPlaceholder(passwords.superuser), origin: patroni.superuserPassword?.span)
    let rewind = passwords.rewind.map {
      PatroniConf.Role(user: topology.rewindUser().value, password: SecretPlaceholder($0), origin: patroni.rewindPassword?.span)
    }
    return PatroniConf(
      scope: topology.patroniScope().value, member: topology[member.id].name.value, address: member.address,
      restPort: DatabaseRoleCheck.patroni.port, port: server.port,
      etcd: patroni.etcd.map { PatroniConf.Etcd(topology[$0.value].address.value, origin: $0.span) }, cluster: cluster(member),
      dataDirectory: server.dataDirectory, binaryDirectory: server.binaries, passwordFile: "/var/lib/postgresql/.maasc-patroni",
      socketDirectory: DatabaseServer.socketDirectory, superuser: superuser,
      replication: PatroniConf.Role(
        user: server.replicationUser, password: SecretPlaceholder(passwords.replication), origin: patroni.replication?.span),
      rewind: rewind ?? superuser, origin: patroni.span)
  }

  /// The same on every member.
  private func cluster(_ member: DatabaseServer.Member) -> PatroniConf.ClusterSettings {
    let hba = PostgreSQLHBA(
      topology: topology, index: builder.index, server: server, members: server.members,
      rewindUser: passwords.rewind == nil ? "postgres" : topology.rewindUser().value, asksItself: true)
    let parameters = PostgreSQLSettings(topology: topology, server: server, member: member).patroni()
    return PatroniConf.ClusterSettings(
      ttl: topology.patroniTTL().value, loopWait: topology.patroniLoopWait().value, retryTimeout: topology.patroniRetryTimeout().value,
      failsafe: topology.patroniFailsafe().value, synchronous: patroni.replication?.synchronous?.value ?? false,
      parameters: parameters.map { PatroniConf.Setting($0.name, $0.value, origin: $0.origin) }, hba: hba.lines(isReplicated: true))
  }

  private var unit: SystemdUnit {
    SystemdUnit(sections: [
      .init("Unit", [.init("StartLimitIntervalSec", .integer(0))]),
      .init(
        "Service",
        [
          .init("RuntimeDirectory", .text("maasc-patroni")), .init("ExecStartPre", .command(["/usr/bin/touch", Self.readMark])),
          .init("ExecReload", .command(["/usr/bin/touch", Self.readMark])), .init("Restart", .text("always")), .init("RestartSec", .integer(2)),
        ]),
    ])
  }

  private func file(_ path: String, _ document: some ConfigDocument, owner: String = "root", mode: UInt16 = 0o644) -> PlannedFile {
    PlannedFile(
      path: path, owner: owner, group: owner, mode: mode, content: document.render(header: builder.header("postgresql.patroni")),
      keyPath: "postgresql.patroni", origin: patroni.span)
  }

  /// A YAML value as a file.
  private struct Document: ConfigDocument {
    var value: YAMLValue
    func write(to writer: inout TextWriter) { value.write(to: &writer) }
  }
}
