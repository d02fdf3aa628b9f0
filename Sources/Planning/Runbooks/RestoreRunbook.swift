import Diagnostics
import Formats
import MAASFacts
import Topology

extension BackupRunbooks {
  var restore: Runbook {
    Runbook(
      name: "restore", title: "Restore a backup onto deployed hosts",
      about: [
        "restore.sh DIRECTORY      a directory that backup.sh made, or one fetched from the backup host",
        "First deploy the hosts as usual; then this replaces their database and identities. regiond.conf and rackd.conf stay as deployed.",
        "Administrators, their passwords and API keys become those of the backup.",
      ] + (topology.maas.vault == nil ? [] : [Self.vaultFirst]) + [
        "The present database is renamed, not dropped, and the present files are packed up on their host: both can be put back until MAAS has started.",
        "Stopped or killed before that, it leaves MAAS stopped and says how to go back. A rerun begins anew; of what several runs set aside,",
        "the oldest is what was there at first.",
        "Point of no return: the start of MAAS at the end. Machines that changed since the backup are not as MAAS then believes.",
        "Afterwards: runbook/deploy.sh, which puts right what the topology has changed since the backup, and looks at the whole.",
      ],
      body: functions + pathFunction + """
        directory=${1-}
        [[ -n $directory ]] || { echo "usage: $0 DIRECTORY" >&2; exit 64; }
        [[ -s $directory/SHA256SUMS ]] || fail "$directory is no whole backup: it has no SHA256SUMS; nothing was changed"
        (cd "$directory" && sha256sum --quiet -c SHA256SUMS) || fail "$directory is damaged; nothing was changed"
        for host in "${CONTROLLERS[@]}"; do [[ -s $directory/$host.tar.gz ]] || fail "$directory has no files of $host; nothing was changed"; done
        \(isExternal ? "" : "[[ -s $directory/database.dump ]] || fail \"$directory holds no database; nothing was changed\"" as Shell)
        \(reachAll)
        \(isExternal ? "" : "primary=$(find_primary) || fail 'no member of the database is primary; nothing was changed'" as Shell)
        \(topology.maas.vault == nil ? "" : "say \(Self.vaultFirst)" as Shell)
        confirm "MAAS stops everywhere, and its database and identities become those of $directory." restore
        stamp=$(date -u +%Y%m%dT%H%M%SZ)
        kept=/var/lib/maasc/before-restore-$stamp.tar.gz
        back=()
        finish() { # MAAS is stopped: the operator has to know how to go on
          local status=$?
          trap - EXIT
          say 'MAAS is stopped. Run this again to begin anew; or, to go back:'
          printf '  %s\\n' "${back[@]}" 'start MAAS on every controller, regions first'
          rm -rf "$WORK"
          exit "$status"
        }
        trap finish EXIT
        for host in "${RACKS[@]}" "${REGIONS[@]}"; do
          say "stopping MAAS on $host"
          stop_maas "$host"
        done
        \(isExternal ? othersDatabase : database)
        back+=("on every controller where it is: sudo tar -C / -xzf $kept")
        for host in "${CONTROLLERS[@]}"; do
          say "files of $host; those until now are in $kept there"
          pack "$host" | put "$host" "$kept" 600
          on "$host" tar -C / -xzf - --exclude='*/regiond.conf' --exclude='*/rackd.conf' <"$directory/$host.tar.gz"
        done
        \(restoreImages)
        \(migrate)
        confirm 'Everything is in place. Starting MAAS is the point of no return.' start
        trap 'rm -rf "$WORK"' EXIT
        for host in "${REGIONS[@]}" "${RACKS[@]}"; do
          say "starting MAAS on $host"
          start_maas "$host"
        done
        say 'restored; now run runbook/deploy.sh, which puts right what differs from the topology, and looks at the whole'
        say "when all is well, remove $kept on the controllers"
        \(isExternal ? "" : "say \"and drop the database $old on $primary\"" as Shell)
        """)
  }

  private static let vaultFirst =
    "Vault is in no backup of ours: let it hold MAAS' secrets as of the time of the backup. A fresh deployment has written over them."

  private var othersDatabase: Shell {
    """
    confirm 'MAAS is stopped. Have the database restored now.' restored
    back+=('have the database put back as it was')
    """
  }

  /// A new database is filled beside the old one; only when it is whole do they change names, at once.
  private var database: Shell {
    let name = topology.databaseName().value
    let user = topology.databaseUser().value
    let fresh = "\(name)_restoring"
    let drop: SQL = "drop database if exists \(identifier: fresh)"
    let create: SQL = "create database \(identifier: fresh) owner \(identifier: user) encoding 'UTF8' template template0"
    let close: SQL = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = \(name) and pid <> pg_backend_pid()"
    let aside: SQL = "alter database \(identifier: name) rename to "
    let rename: SQL = "alter database \(identifier: fresh) rename to \(identifier: name)"
    let undo: SQL = "alter database \(identifier: name) rename to \(identifier: fresh); alter database "
    let again: SQL = " rename to \(identifier: name)"
    return """
      say "restoring the database on $primary"
      sql "$primary" \(drop.text)
      sql "$primary" \(create.text)
      as_postgres "$primary" pg_restore -h \(DatabaseServer.socketDirectory) -p \(server.port) --exit-on-error -d \(fresh) <"$directory/database.dump"
      sql "$primary" analyze \(fresh)
      old=\(name)_before_$stamp
      sql "$primary" \(close.text) >/dev/null
      sql "$primary" \(aside.text)"\\"$old\\"; "\(rename.text)
      say "the database until now is called $old"
      undo=\(undo.text)"\\"$old\\""\(again.text)
      back+=("on $primary: sudo -u postgres psql -p \(server.port) -c ${undo@Q}")
      """
  }

  /// A backup of an older MAAS has an older schema; only the MAAS that is deployed knows how to bring it up to date.
  private var migrate: Shell {
    guard let region = regions.first else { return "" }
    let host = MAASHost(topology, region)
    let command: Shell = host.kind == .snap ? "/snap/bin/\(raw: host.migrate.code)" : host.migrate
    return """
      say "bringing the database's schema to the MAAS on "\(builder[region].name)
      said=$(on \(builder[region].name) timeout 3600 \(command) 2>&1) || fail "the migration failed: $(tail -n 20 <<<"$said")"
      """
  }

  private var restoreImages: Shell {
    let unpacked = regions.map { host -> Shell in
      let paths = Paths(install: topology.installKind(on: host).value, version: topology.version(on: host).value)
      return "on \(builder[host].name) tar -C \(paths.images) -xf - <\"$directory/images.tar\""
    }
    return """
      if [[ -s $directory/images.tar ]]; then
        say 'boot images'
        \(Shell.lines(unpacked))
      fi
      """
  }
}
