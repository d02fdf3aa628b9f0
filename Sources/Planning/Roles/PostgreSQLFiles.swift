import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The files of one streaming member.
struct PostgreSQLFiles {
  let builder: PlanBuilder
  let server: DatabaseServer
  let member: DatabaseServer.Member
  /// Name of the replication user's secret; nil without standbys.
  let replicationSecret: String?
  let isSynchronous: Bool

  private var topology: Topology { builder.topology }
  private var header: [String] { builder.header("postgresql") }

  static func noCluster(_ builder: PlanBuilder) -> PlannedFile {
    let conf = PostgreSQLConf(settings: [.init("create_main_cluster", .boolean(false))])
    return PlannedFile(
      path: DatabaseServer.createclusterFile, content: conf.render(header: builder.header("postgresql")), keyPath: "postgresql",
      origin: builder.topology.postgresql.span)
  }

  static func scramVerifier(_ builder: PlanBuilder) -> PlannedFile {
    script(ScramVerifierTool.path, ScramVerifierTool.text, builder)
  }

  /// What the role service, the guard and a standby need.
  var roleService: [PlannedFile] {
    [
      Self.script(PostgreSQLRoleTool.path, PostgreSQLRoleTool.text, builder),
      Self.scramVerifier(builder),
      file(PostgreSQLRoleTool.configuration, PlainText(roleConfiguration)),
      file("/etc/systemd/system/\(DatabaseServer.roleUnit)", roleUnit),
      file("/etc/systemd/system/\(DatabaseServer.bootUnit)", bootUnit),
      file("/etc/systemd/system/\(server.unit).d/maasc.conf", guardDropIn),
    ] + passfile
  }

  var settings: PlannedFile {
    let settings = PostgreSQLSettings(topology: topology, server: server, member: member)
      .streaming(isReplicated: replicationSecret != nil, isSynchronous: isSynchronous)
    return file(server.settingsFile, PostgreSQLConf(settings: settings), owner: "postgres", mode: 0o644)
  }

  var hba: PlannedFile {
    let hba = PostgreSQLHBA(
      topology: topology, index: builder.index, server: server, members: server.peers(of: member.id), rewindUser: server.replicationUser)
    return file(server.hbaFile, PgHBA(lines: hba.lines(isReplicated: replicationSecret != nil)), owner: "postgres", mode: 0o640)
  }

  /// Debian starts clusters marked `auto` at boot; ours are started by the unit that asks the other members first.
  var startMode: PlannedFile { file("\(server.configuration)/start.conf", PlainText("manual"), owner: "postgres", mode: 0o644) }

  private var passfile: [PlannedFile] {
    guard let secret = replicationSecret else { return [] }
    let line = "*:*:*:\(server.replicationUser):\(SecretPlaceholder(secret))"
    var file = file(DatabaseServer.passfile, PlainText(line), owner: "postgres", mode: 0o600)
    file.secrets = [secret]
    return [file]
  }

  private var roleConfiguration: String {
    let lines = [
      "member \(member.name)", "listen \(member.address)", "port \(DatabaseRoleCheck.streaming.port)", "server_port \(server.port)",
      "data_directory \(server.dataDirectory)", "bin_directory \(server.binaries)",
    ]
    let login = replicationSecret == nil ? [] : ["user \(server.replicationUser)", "passfile \(DatabaseServer.passfile)"]
    return (lines + login + server.peers(of: member.id).map { "peer \($0.name) \($0.address)" }).joined(separator: "\n")
  }

  private var roleUnit: SystemdUnit {
    SystemdUnit(sections: [
      .init(
        "Unit",
        [
          .init("Description", .text("Tells which role this PostgreSQL member has")), .init("Wants", .units(["network-online.target"])),
          .init("After", .units(["network-online.target"])), .init("StartLimitIntervalSec", .integer(0)),
        ]),
      .init(
        "Service",
        [
          .init("User", .text("postgres")), .init("ExecStart", .command(Self.python(PostgreSQLRoleTool.path, "serve"))),
          .init("RuntimeDirectory", .text("maasc-postgresql-role")), .init("Restart", .text("always")), .init("RestartSec", .integer(1)),
          .init("NoNewPrivileges", .boolean(true)), .init("ProtectHome", .boolean(true)), .init("ProtectSystem", .text("full")),
        ]),
      .init("Install", [.init("WantedBy", .units(["multi-user.target"]))]),
    ])
  }

  private var bootUnit: SystemdUnit {
    SystemdUnit(sections: [
      .init(
        "Unit",
        [
          .init("Description", .text("Starts PostgreSQL unless another member is primary")), .init("Wants", .units(["network-online.target"])),
          .init("After", .units(["network-online.target", UnitName(sanitizing: DatabaseServer.roleUnit)])),
        ]),
      .init(
        "Service",
        [
          .init("Type", .text("oneshot")), .init("RemainAfterExit", .boolean(true)), .init("TimeoutStartSec", .text("infinity")),
          .init("ExecStart", .command(["/usr/bin/systemctl", "start", server.unit])),
        ]),
      .init("Install", [.init("WantedBy", .units(["multi-user.target"]))]),
    ])
  }

  private var guardDropIn: SystemdUnit {
    SystemdUnit(sections: [
      .init(
        "Service",
        [
          .init(
            "ExecStartPre", .command(Self.python(PostgreSQLRoleTool.path, "guard")),
            comment: "whoever starts the server: never a second primary")
        ])
    ])
  }

  private static func python(_ arguments: String...) -> [String] { ["/usr/bin/python3", "-I"] + arguments }

  /// A program, its header below the line that names the interpreter.
  static func script(_ path: String, _ text: String, _ builder: PlanBuilder) -> PlannedFile {
    let header = builder.header("postgresql").map { "# \($0)\n" }.joined()
    let origin = builder.topology.postgresql.span
    let content = PlainText("#!/usr/bin/python3\n\(header)\(text)", origin: origin).render()
    return PlannedFile(path: path, mode: 0o755, content: content, keyPath: "postgresql", origin: origin)
  }

  private func file(_ path: String, _ document: some ConfigDocument, owner: String = "root", mode: UInt16 = 0o644) -> PlannedFile {
    PlannedFile(
      path: path, owner: owner, group: owner, mode: mode, content: document.render(header: header), keyPath: "postgresql",
      origin: topology.postgresql.span)
  }
}
