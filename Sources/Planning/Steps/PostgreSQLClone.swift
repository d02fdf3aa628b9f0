import Formats

/// Shell functions that fill a data directory. It appears under its own name only when it is whole, so that a run that was killed begins again.
enum PostgreSQLClone {
  static func functions(_ server: DatabaseServer, _ host: HostPlan) -> Shell {
    """
    data=\(server.dataDirectory)
    prepare() {
      [[ ! -e $data || -z $(ls -A "$data") ]] || fail "$data holds files that are no PostgreSQL cluster; nothing was changed"
      ! mountpoint -q "$data" || fail "$data is a mount point: give postgresql.data_directory a directory below it"
      install -d -o postgres -g postgres -m 755 "$(dirname "$data")"
      rm -rf "$data.incomplete" # left by a run that was killed; never held the data of a server
    }
    start() {
      systemctl start \(server.unit)
      wait_until 60 "PostgreSQL did not start" sql -c 'select 1'
    }
    await_streaming() { wait_until 120 "the standby does not stream; look into /var/log/postgresql" is_streaming; }
    \(clone(server, host))
    """
  }

  private static func clone(_ server: DatabaseServer, _ host: HostPlan) -> Shell {
    let slot = server.member(host.id)?.slot ?? ""
    let login = "user=\(ConnectionString.quote(server.replicationUser)) passfile=\(DatabaseServer.passfile)"
    return """
      clone() {
        [[ -n $primary ]] || fail "no member is primary, so there is nothing to copy; start the primary first"
        local source="host=$address port=\(server.port) connect_timeout=10 "\(login)
        prepare
        # The slot may have been invalidated, or hold WAL that a fresh copy does not need.
        as_postgres psql -XAtqw -d "$source replication=true" -c \("DROP_REPLICATION_SLOT \(slot)") >/dev/null 2>&1 || true
        as_postgres psql -XAtqw -d "$source replication=true" -c \("CREATE_REPLICATION_SLOT \(slot) PHYSICAL RESERVE_WAL") >/dev/null
        as_postgres \("\(server.binaries)/pg_basebackup") -w -d "$source" -D "$data.incomplete" -X stream -S \(slot) -c fast
        as_postgres touch "$data.incomplete/standby.signal"
        mv -T "$data.incomplete" "$data"
        start
        await_streaming
        say "copied $primary into $data"
      }
      """
  }
}
