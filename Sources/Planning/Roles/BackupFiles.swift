import Diagnostics
import Formats
import MAASFacts
import Topology

/// The backup host's collector, and on each other host what the collector may call, and nothing else.
struct BackupFiles {
  static let keyName = "backup-public-key"
  static let user = "maasc-backup"
  static let collectorPath = "/usr/local/lib/maasc/backup-collect"
  static let testPath = "/usr/local/lib/maasc/backup-restore-test"
  static let sourcePath = "/usr/local/lib/maasc/backup-source"
  static let key = "/etc/maasc/backup-key"
  static let authorizedKeys = "/var/lib/\(user)/.ssh/authorized_keys"
  static let passfile = "/etc/maasc/backup.pgpass"

  let builder: PlanBuilder
  let backup: OwnBackup

  var topology: Topology { builder.topology }
  var server: DatabaseServer { DatabaseServer(topology) }
  var directory: String { topology.backupDirectory().value }
  var packages: [String] { [server.package, "openssh-client"] }

  /// Every controller, and every member of our own database. A backup that is only observed may draw from what is only observed.
  var sources: [HostID] {
    let isObserved = builder.backupLevel(on: backup.host.value) == .observe
    let isDrawn = { (component: Manage.Component, host: HostID) in
      let level = topology.level(of: component, on: host)
      return level == .full || isObserved && level == .observe
    }
    return topology.hosts.map(\.id).filter { host in
      let roles = builder.index.roles[host.index]
      return roles.isController && isDrawn(.maas, host) || roles.contains(.postgresql) && isDrawn(.postgresql, host)
    }
  }

  private var controllers: [HostID] { sources.filter { builder.index.roles[$0.index].isController } }

  /// Those that can dump the database: the members, or of somebody else's server, the first region, which is admitted there.
  private var dumpers: [HostID] {
    if case .external = topology.postgresql.deployment { return controllers.filter { builder.index.region[$0.index] != nil }.prefix(1).map { $0 } }
    return sources.filter { builder.index.roles[$0.index].contains(.postgresql) }
  }

  func collector(isInstalled: Bool = true) -> [PlannedFile] {
    var files = [
      script(Self.collectorPath, BackupPrograms.collector(self, dumpers: dumpers.map(reach), controllers: controllers.map(reach))),
      script(Self.testPath, BackupPrograms.restoreTest(self)),
      file("/etc/systemd/system/maasc-backup.service", service), file("/etc/systemd/system/maasc-backup.timer", timer),
    ]
    for index in files.indices { files[index].isInstalled = isInstalled }
    return files
  }

  func source(_ host: HostID) -> [PlannedFile] {
    let address = topology[backup.host.value].address.value
    let command = "sudo -n \(Self.sourcePath) \\\"$SSH_ORIGINAL_COMMAND\\\""
    let login = "restrict,from=\"\(address)\",command=\"\(command)\" \(SecretPlaceholder(Self.keyName))"
    var keys = file(Self.authorizedKeys, PlainText(login), owner: "root", mode: 0o644)
    keys.secrets = [Self.keyName]
    var files = [
      script(Self.sourcePath, BackupPrograms.source(self, host: host, dumps: dumpers.contains(host))), keys,
      file("/etc/sudoers.d/maasc-backup", PlainText("\(Self.user) ALL=(root) NOPASSWD: \(Self.sourcePath)"), mode: 0o440),
    ]
    if case .external = topology.postgresql.deployment, dumpers.contains(host), let password = topology.postgresql.database.password {
      let secret = topology[password.value].name.value
      var passfile = file(Self.passfile, PlainText("*:*:*:*:\(SecretPlaceholder(secret))"), mode: 0o600)
      passfile.secrets = [secret]
      files.append(passfile)
    }
    return files
  }

  /// A backup that silently stopped is noticed when it is needed, unless somebody asks before.
  var probes: [Probe] {
    let newest: Shell = "find \(directory) -mindepth 1 -maxdepth 1 -type d -name '2*Z' -mtime -2 2>/dev/null | wc -l"
    return [
      Probe(
        id: "backup.age", title: "a backup is less than two days old", command: newest, expected: .atLeast(1), origin: backup.host.span),
      Probe(
        id: "backup.result", title: "the last nightly backup did not fail", command: "systemctl show -P Result maasc-backup.service",
        expected: .equals("success"), origin: backup.host.span),
    ]
  }

  /// What a controller's part of a backup holds: identity, secret, certificates, configuration. Not the images.
  func paths(on host: HostID) -> [String] {
    guard builder.index.roles[host.index].isController else { return [] }
    return ControllerPaths.kept(on: host, topology)
  }

  private func reach(_ host: HostID) -> BackupPrograms.Target {
    BackupPrograms.Target(name: builder[host].name, address: builder[host].address, port: topology[host].ssh.port?.value ?? 22)
  }

  private var service: SystemdUnit {
    SystemdUnit(sections: [
      .init(
        "Unit",
        [
          .init("Description", .text("Backs MAAS up")), .init("Wants", .units(["network-online.target"])),
          .init("After", .units(["network-online.target"])),
        ]),
      .init("Service", [.init("Type", .text("oneshot")), .init("ExecStart", .command([Self.collectorPath])), .init("Nice", .integer(10))]),
    ])
  }

  private var timer: SystemdUnit {
    SystemdUnit(sections: [
      .init("Unit", [.init("Description", .text("Backs MAAS up every night"))]),
      .init(
        "Timer", [.init("OnCalendar", .text("*-*-* 02:30:00")), .init("RandomizedDelaySec", .text("10min")), .init("Persistent", .boolean(true))]),
      .init("Install", [.init("WantedBy", .units(["timers.target"]))]),
    ])
  }

  private func script(_ path: String, _ body: Shell) -> PlannedFile {
    let header = builder.header("backup").map { "# \($0)\n" }.joined()
    let content = PlainText("#!/bin/bash\n\(header)\(body.code)\n", origin: backup.host.span).render()
    return PlannedFile(path: path, mode: 0o755, content: content, keyPath: "backup", origin: backup.host.span)
  }

  private func file(_ path: String, _ document: some ConfigDocument, owner: String = "root", mode: UInt16 = 0o644) -> PlannedFile {
    PlannedFile(
      path: path, owner: owner, group: owner, mode: mode, content: document.render(header: builder.header("backup")), keyPath: "backup",
      origin: backup.host.span)
  }
}
