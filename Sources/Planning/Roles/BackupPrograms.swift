import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// The programs of a backup, in bash.
enum BackupPrograms {
  /// A host that the collector draws from.
  struct Target {
    var name: String
    var address: IPAddress
    var port: Int
  }

  private static let head: Shell = """
    set -euo pipefail
    export LC_ALL=C
    umask 077
    fail() { printf '%s\\n' "$*" >&2; exit 1; }
    """

  /// Called by sshd for the backup host's key, by way of sudo: gives a dump or the files, and knows nothing else.
  static func source(_ files: BackupFiles, host: HostID, dumps: Bool) -> Shell {
    head + """
      case ${1-} in
        database)
          \(dumps ? dump(files) : "fail 'this host does not dump the database'")
          ;;
        files)
          \(files.paths(on: host).isEmpty ? "fail 'this host has no files of MAAS'" : pack(files.paths(on: host)))
          ;;
        *) fail "usage: $0 database | files" ;;
      esac
      """
  }

  private static func pack(_ paths: [String]) -> Shell {
    """
    paths=()
    for path in \(paths); do
      if [[ -e $path ]]; then paths+=("${path#/}"); fi
    done
    exec tar -C / -czhf - "${paths[@]}"
    """
  }

  private static func dump(_ files: BackupFiles) -> Shell {
    let topology = files.topology
    let name = topology.databaseName().value
    if case .external = topology.postgresql.deployment {
      let endpoint = topology.databaseEndpoint().value
      return """
        export PGPASSFILE=\(BackupFiles.passfile)
        exec pg_dump -w -Fc -h \(endpoint.host) -p \(endpoint.port) -U \(topology.databaseUser().value) -d \(name)
        """
    }
    let server = files.server
    return """
      cd /
      as_postgres=(runuser -u postgres -- env HOME=/var/lib/postgresql)
      recovery=$("${as_postgres[@]}" psql -XAtqw -h \(DatabaseServer.socketDirectory) -p \(server.port) -c 'select pg_is_in_recovery()')
      [[ $recovery == f ]] || exit 3 # a standby; the collector asks the next member
      exec "${as_postgres[@]}" pg_dump -w -Fc -h \(DatabaseServer.socketDirectory) -p \(server.port) -d \(name)
      """
  }

  static func collector(_ files: BackupFiles, dumpers: [Target], controllers: [Target]) -> Shell {
    head + pull + """
      directory=\(files.directory)
      install -d -m 700 "$directory"
      exec 9>"$directory/.lock"
      flock -n 9 || fail 'a backup runs already'
      partial=$directory/.partial
      rm -rf "$partial"
      mkdir "$partial"
      \(Shell.lines(dumpers.map { "draw_database \($0.name) \($0.address) \($0.port)" }))
      [[ -s $partial/database.dump ]] || fail 'no member of the database gave a dump'
      pg_restore --list "$partial/database.dump" >/dev/null || fail 'the dump cannot be read'
      \(Shell.lines(controllers.map { "draw_files \($0.name) \($0.address) \($0.port)" }))
      (cd "$partial" && sha256sum -- * >SHA256SUMS)
      sync
      name=$(date -u +%Y%m%dT%H%M%SZ)
      mv -T "$partial" "$directory/$name"
      # The oldest go, by their names.
      find "$directory" -mindepth 1 -maxdepth 1 -type d -name '2*Z' -printf '%f\\n' | sort | head -n -\(files.topology.backupKeep().value) |
        while read -r old; do rm -rf "${directory:?}/$old"; done
      \(copy(files))
      echo "backed up into $directory/$name"
      """
  }

  private static let pull: Shell = """
    pull() { # ADDRESS PORT WHAT
      ssh -n -i \(BackupFiles.key) -p "$2" -o BatchMode=yes -o IdentitiesOnly=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 \\
        -o UserKnownHostsFile=/etc/maasc/backup-known-hosts -o StrictHostKeyChecking=accept-new \(BackupFiles.user)@"$1" "$3"
    }
    draw_database() { # NAME ADDRESS PORT: from the first that is primary
      [[ ! -s $partial/database.dump ]] || return 0
      if pull "$2" "$3" database >"$partial/database.part" 2>"$partial/error"; then
        mv "$partial/database.part" "$partial/database.dump"
      else
        echo "$1 gives no dump: $(tail -n 1 "$partial/error")"
      fi
      rm -f "$partial/database.part" "$partial/error"
    }
    draw_files() { # NAME ADDRESS PORT
      pull "$2" "$3" files >"$partial/$1.tar.gz" || fail "$1 does not give its files"
      gzip -t "$partial/$1.tar.gz"
    }
    """

  private static func copy(_ files: BackupFiles) -> Shell {
    guard let place = files.backup.copyTo?.value else { return "" }
    return """
      scp -q -r -i \(BackupFiles.key) -o BatchMode=yes -o ConnectTimeout=10 -o UserKnownHostsFile=/etc/maasc/backup-known-hosts \\
        -o StrictHostKeyChecking=accept-new "$directory/$name" \("\(place)/") || fail "the backup $name could not be copied off"
      """
  }

  /// Restores the newest dump into a server that exists only for this, reachable by nobody.
  static func restoreTest(_ files: BackupFiles) -> Shell {
    let server = files.server
    return head + """
      newest=$(find \(files.directory) -mindepth 1 -maxdepth 1 -type d -name '2*Z' | sort | tail -n 1)
      [[ -n $newest ]] || fail 'there is no backup yet'
      (cd "$newest" && sha256sum --quiet -c SHA256SUMS)
      work=$(mktemp -d /var/tmp/maasc-restore-test.XXXXXX)
      chown postgres:postgres "$work"
      cd /
      as_postgres() { runuser -u postgres -- env HOME="$work" PATH=\(server.binaries):/usr/bin:/bin "$@"; }
      trap 'as_postgres pg_ctl -D "$work/data" stop -m immediate >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
      as_postgres initdb -D "$work/data" -E UTF8 --locale=C.UTF-8 -A peer --no-sync >/dev/null
      as_postgres pg_ctl -D "$work/data" -w -l "$work/log" -o "-c listen_addresses= -c unix_socket_directories=$work -c fsync=off" start >/dev/null
      as_postgres createuser -h "$work" \(files.topology.databaseUser().value)
      as_postgres createdb -h "$work" -O \(files.topology.databaseUser().value) restored
      as_postgres pg_restore -h "$work" --exit-on-error -d restored <"$newest/database.dump"
      wanted=$(pg_restore --list "$newest/database.dump" | awk '$4 == "TABLE" && $5 != "DATA" { n++ } END { print n + 0 }')
      found=$(as_postgres psql -XAtqw -h "$work" -d restored -c "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
      ((found == wanted)) || fail "the dump names $wanted tables, and $found came back"
      touch "$newest/.restored"
      echo "restored $found tables of $(basename "$newest")"
      """
  }
}
