import Diagnostics
import Formats
import MAASFacts
import Topology

/// A nightly backup on one host: it draws an online dump from whichever member is primary, and MAAS' own files from each controller.
enum BackupRole {
  static func plan(_ builder: inout PlanBuilder) {
    builder.runbooks += BackupRunbooks(builder).all
    guard case .ours(let backup)? = builder.topology.backup?.kind else { return }
    let files = BackupFiles(builder: builder, backup: backup)
    let host = backup.host.value
    let level = builder.backupLevel(on: host)
    guard level != .none else { return }
    builder[host].files += files.collector(isInstalled: level == .full)
    builder[host].services.append(PlannedService("maasc-backup.timer"))
    builder[host].probes += files.probes
    guard level == .full else { return }
    builder[host].packages += files.packages.filter { !builder[host].packages.contains($0) }
    addNoCluster(to: host, &builder)
    let steps = BackupSteps(files: files, host: builder[host], origin: backup.host.span)
    let key = builder.add(steps.key(after: builder.after(.packages(host))))
    builder.secrets.append(
      SecretNeed(name: BackupFiles.keyName, source: .carried(key), reader: .operator, perHost: false, charset: .any))
    var sources: [Predecessor] = []
    for source in files.sources {
      builder[source].files += files.source(source)
      builder[source].packages += ["sudo"].filter { !builder[source].packages.contains($0) }
      let secrets = files.source(source).flatMap(\.secrets)
      for name in secrets where name != BackupFiles.keyName { needPassword(name, &builder) }
      let step = steps.source(builder[source], files: files.source(source), secrets: secrets, after: builder.after(.packages(source)) + [.step(key)])
      sources.append(.step(builder.add(step)))
    }
    let installed = builder.add(steps.collector(after: sources + builder.after(.racks)))
    builder.add(steps.restoreTest(after: [.step(installed)]), reaching: .backup)
    if let place = backup.copyTo?.value {
      builder.cautions.append(
        "Backups are copied to `\(place)`: let \(builder[host].name) in there with the key that its step backup-backup-key makes, "
          + "`\(BackupFiles.key).pub`.")
    }
    builder.cautions.append("The nightly backup leaves boot images out: MAAS fetches them again, but images that you uploaded are only in backup.sh.")
  }

  /// The restore test starts a scratch server of its own; its package must not start one.
  private static func addNoCluster(to host: HostID, _ builder: inout PlanBuilder) {
    let file = PostgreSQLFiles.noCluster(builder)
    guard !builder[host].files.contains(where: { $0.path == file.path }) else { return }
    builder[host].files.append(file)
    builder.add(PostgreSQLRoleSteps.noCluster(builder[host], file, after: builder.after(.ready)), reaching: .beforePackages(host))
  }

  private static func needPassword(_ name: String, _ builder: inout PlanBuilder) {
    if let password = builder.topology.postgresql.database.password { builder.need(password.value, charset: .unreserved) }
  }
}
