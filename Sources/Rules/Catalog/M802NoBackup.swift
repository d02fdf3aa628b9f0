import Diagnostics
import Topology

extension Rule {
  static let noBackup = Rule(
    802, "no-backup", .warning,
    summary: "nothing backs MAAS up, or the backup is kept on a database host alone",
    why: """
      The runbooks for upgrades and restores begin with a backup (MAAS manual, "Back up MAAS": database, files and secrets). One that lies \
      beside the database is lost with it, on the day on which it is needed.
      """,
    examples: [
      .bad(
        "none", as: .warning,
        """
        name: ⟦prague⟧
        backup: ~absent
        """),
      .bad(
        "beside the database", as: .warning,
        """
        backup: {host: ⟦db-2⟧}
        """),
      .good(
        "beside the database, and copied away",
        """
        backup: {host: db-2, copy_to: "ops@store.example.net:/maas"}
        """),
      .good(
        "the site's own",
        """
        backup: {external: "backed up by the site's own system"}
        """),
      .good(
        "another host",
        """
        backup: {host: infra-3}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard let backup = topology.backup else {
        guard !topology.broken.contains(.rest) else { return }
        let name = topology.name.value.isEmpty ? "this installation" : topology.name.value
        return report.report(
          "nothing backs \(name) up", at: topology.name.span, help: "add backup: {host: …}, or say who does it: backup: {external: …}")
      }
      guard topology.isSound(backup.span), case .ours(let own) = backup.kind, own.copyTo == nil,
        context.index.roles[own.host.value.index].contains(.postgresql)
      else { return }
      report.report(
        "the backup is lost together with the database on \(context.name(own.host.value))", at: own.host.span,
        secondary: topology.postgresql.members.filter { $0.value == own.host.value }.map { Label($0.span, "a database host") },
        help: "keep it on another host, or copy it away: copy_to")
    })
}
