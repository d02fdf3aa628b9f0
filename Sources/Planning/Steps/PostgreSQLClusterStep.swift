import Diagnostics
import Formats

/// The cluster of one member: made, cloned from the primary, or started, by what this member and the others are found to hold.
enum PostgreSQLClusterStep {
  static func step(_ server: DatabaseServer, _ host: HostPlan, isFirst: Bool, after: [Predecessor], origin: Span) -> Step {
    let prelude = server.shell + server.roleShell + discovery(server)
    return Step(
      host: host, phase: .database, name: "postgresql-cluster",
      title: isFirst ? "Make the cluster, or join the one that exists" : "Join the primary as a standby",
      why: """
        Roles are discovered: the first member makes a cluster only where no member holds one. No data directory is deleted: it is renamed, and only \
        if its server is stopped, its system identifier is the primary's and its timeline is not ahead. Anything else stops the run with the data untouched.
        """,
      after: after, check: prelude + check, apply: prelude + apply(server, host, isFirst: isFirst), verify: prelude + check,
      back: "a directory that was here before is beside the new one, under another name: stop the server and exchange them", timeout: 7200,
      origin: origin)
  }

  /// What this member and the others hold, in variables, and the question whether a standby streams.
  private static func discovery(_ server: DatabaseServer) -> Shell {
    """
    discover() {
      local line
      line=$(role state)
      read -r server kind timeline system <<<"$line"
      peers=$(role peers) # NAME ADDRESS SERVER ROLE TIMELINE SYSTEM
      primaries=$(awk '$3 == "running" && $4 == "primary" { print $1, $2, $5, $6 }' <<<"$peers")
      primary='' address='' primary_timeline=0 primary_system=-
      [[ -z $primaries ]] || read -r primary address primary_timeline primary_system <<<"$primaries"
    }
    is_streaming() { [[ $(sql -c "select count(*) from pg_stat_wal_receiver where status = 'streaming'") == 1 ]]; }
    """
  }

  private static let check: Shell = """
    discover
    [[ $server == running ]] || { echo "PostgreSQL is $server here" >&2; return 1; }
    if [[ $kind == primary ]]; then
      [[ -z $primary ]] || { echo "this member and $primary are both primary" >&2; return 1; }
    else
      is_streaming || { echo "this standby does not stream from a primary" >&2; return 1; }
    fi
    """

  private static func apply(_ server: DatabaseServer, _ host: HostPlan, isFirst: Bool) -> Shell {
    PostgreSQLClone.functions(server, host) + create(server) + join(server) + """
      discover
      silent=$(awk '$3 == "silent" { print $1 }' <<<"$peers" | xargs)
      [[ -z $silent ]] || fail "cannot tell what $silent holds; nothing was changed here"
      (($(wc -l <<<"$primaries") == 1)) || fail "several members are primary: $(cut -d ' ' -f 1 <<<"$primaries" | xargs); stop all but the right one"
      [[ -z $primary || $system == - || $system == "$primary_system" ]] ||
        fail "the cluster here (system identifier $system) is not the one of $primary ($primary_system); its data stays untouched"
      [[ -z $primary || $timeline -le $primary_timeline ]] ||
        fail "the cluster here is on timeline $timeline, ahead of $primary on $primary_timeline; its data stays untouched"
      case $server in
        running) if [[ $kind == standby ]]; then await_streaming; else fail "this member and ${primary:-another} are both primary; stop the wrong one"; fi ;;
        stopped) start_again ;;
        none) \(isFirst ? "if [[ -n $primary ]]; then clone; else create; fi" as Shell : "clone" as Shell) ;;
        *) fail "PostgreSQL on this host does not answer; look into /var/log/postgresql" ;;
      esac
      """
  }

  private static func create(_ server: DatabaseServer) -> Shell {
    """
    create() {
      local holder
      holder=$(awk '$3 != "none" { print $1 }' <<<"$peers" | xargs)
      [[ -z $holder ]] || fail "$holder holds a cluster but no member is primary; start it there first: nothing is made here"
      prepare
      as_postgres \("\(server.binaries)/initdb") -D "$data.incomplete" -E UTF8 --locale=C.UTF-8 --data-checksums -A peer --auth-host=scram-sha-256 >/dev/null
      mv -T "$data.incomplete" "$data"
      start
      say "made a new cluster in $data"
    }
    """
  }

  /// A stopped server: started as it is, or if another member took over meanwhile, replaced by a copy of that one.
  private static func join(_ server: DatabaseServer) -> Shell {
    """
    start_again() {
      [[ $(systemctl is-enabled \(server.unit) 2>&1 || true) != masked* ]] ||
        fail "PostgreSQL is masked on this host: somebody fenced it. Bring it back with runbook/failover-postgresql.sh rejoin"
      if [[ $kind == primary && -n $primary ]]; then
        replaced=$data.replaced-$(date -u +%Y%m%dT%H%M%SZ)
        as_postgres \("\(server.binaries)/pg_ctl") status -D "$data" >/dev/null 2>&1 && fail "the server of $data runs; its data stays untouched"
        mv -T "$data" "$replaced"
        say "$primary is the primary now; the old data of this member stays in $replaced"
        clone
      else
        start
        [[ $kind == primary ]] || await_streaming
      fi
    }
    """
  }
}
