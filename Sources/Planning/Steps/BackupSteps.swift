import Diagnostics
import Formats
import Topology

struct BackupSteps {
  let files: BackupFiles
  let host: HostPlan
  let origin: Span

  /// The key is made on the backup host and never leaves it; its public half is carried to the others.
  func key(after: [Predecessor]) -> Step {
    let exists: Shell = "[[ -s \(BackupFiles.key) && -s \(BackupFiles.key).pub ]]"
    return Step(
      host: host, phase: .backup, name: "backup-key", title: "Make the backup's ssh key",
      why: "The other hosts let this key call one program, from this address, that gives a dump and MAAS' files.", after: after, check: exists,
      apply: """
        install -d -m 755 /etc/maasc
        rm -f \(BackupFiles.key) \(BackupFiles.key).pub
        ssh-keygen -q -t ed25519 -N '' -C maasc-backup -f \(BackupFiles.key)
        """, verify: exists,
      rollback: "rm -f \(BackupFiles.key) \(BackupFiles.key).pub", export: "cat \(BackupFiles.key).pub", origin: origin)
  }

  func source(_ source: HostPlan, files: [PlannedFile], secrets: [String], after: [Predecessor]) -> Step {
    let user = BackupFiles.user
    let hasUser: Shell = "id -u \(user) >/dev/null"
    return Step(
      host: source, phase: .backup, name: "backup-source", title: "Let the backup host draw from here",
      why: "The backup host draws; this host cannot reach or change backups.", after: after, check: hasUser + .areCurrent(files),
      apply: """
        id -u \(user) >/dev/null 2>&1 || useradd --system --home-dir \("/var/lib/\(user)") --create-home --shell /bin/sh \(user)
        \(Shell.lines(files.filter { !$0.path.hasPrefix("/etc/sudoers.d/") }.map { .install([$0]) }))
        \(Shell.lines(files.filter { $0.path.hasPrefix("/etc/sudoers.d/") }.map { "install_file \($0.path) root root 440 visudo -cqf" }))
        """, verify: hasUser + .areCurrent(files), rollback: .lines(files.map { "restore_file \($0.path)" }), secrets: secrets, origin: origin)
  }

  func collector(after: [Predecessor]) -> Step {
    let isOn: Shell = "systemctl is-enabled --quiet maasc-backup.timer\nunit_active maasc-backup.timer"
    return Step(
      host: host, phase: .backup, name: "backup", title: "Back MAAS up every night",
      why: "An online dump from whichever member is primary, and each controller's identity, secret and certificates; nothing is stopped for it.",
      after: after, check: .areCurrent(files.collector()) + isOn,
      apply: .install(files.collector()) + "systemctl daemon-reload\nsystemctl enable --quiet --now maasc-backup.timer",
      verify: .areCurrent(files.collector()) + isOn,
      rollback: "systemctl disable --now maasc-backup.timer\n" + .lines(files.collector().map { "restore_file \($0.path)" })
        + "systemctl daemon-reload", origin: origin)
  }

  func restoreTest(after: [Predecessor]) -> Step {
    let isTested: Shell = "compgen -G \(files.directory)/'2*Z/.restored' >/dev/null"
    return Step(
      host: host, phase: .backup, name: "backup-restore-test", title: "Take a backup and restore it into a scratch server",
      why: "A backup that was never restored is a hope.", after: after, check: isTested,
      apply: """
        \(BackupFiles.collectorPath)
        \(BackupFiles.testPath)
        """, verify: isTested,
      back: "none is needed: the scratch server is gone, and one backup more does no harm", timeout: 7200, origin: origin)
  }
}
