import Formats
import Topology

/// Shell functions for scripts on the operator's machine that work on our own database server.
extension DatabaseServer {
  /// `sql HOST QUERY`, `is_primary HOST`, `find_primary`.
  var operatorShell: Shell {
    """
    MEMBERS=(\(members.map(\.name)))
    as_postgres() { local host=$1; shift; on "$host" runuser -u postgres -- env -C / HOME=/var/lib/postgresql "$@"; }
    # A server that hangs takes a connection and never answers.
    sql() { as_postgres "$1" env PGCONNECT_TIMEOUT=10 psql -XAtqw -v ON_ERROR_STOP=1 -h \(Self.socketDirectory) -p \(port) -d "${3:-postgres}" -c "$2"; }
    is_primary() { [[ $(sql "$1" 'select pg_is_in_recovery()' 2>/dev/null) == f ]]; }
    find_primary() { # prints the member that accepts writes
      local member
      for member in "${MEMBERS[@]}"; do
        if is_primary "$member"; then printf '%s\\n' "$member"; return; fi
      done
      return 1
    }
    """
  }
}
