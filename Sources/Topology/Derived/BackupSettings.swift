import Diagnostics

extension Topology {
  private var ownBackup: OwnBackup? {
    if case .ours(let backup)? = backup?.kind { backup } else { nil }
  }

  package func backupDirectory() -> Derived<String> {
    Derived(ownBackup?.directory, else: "/var/backups/maas", because: "Debian's place for backups")
  }

  /// How many backups stay.
  package func backupKeep() -> Derived<Int> { Derived(ownBackup?.keep, else: 7, because: "a week of daily backups") }
}
