import Formats
import TestSupport

extension Daemons {
  private static let binaries = "/usr/lib/postgresql/\(Room.postgresqlVersion)/bin"

  /// A real start, since nothing less finds what contradicts what: then the server itself lists what it could not read.
  static let postgresql = Daemon(
    "pg_ctlcluster", package: "postgresql-\(Room.postgresqlVersion)",
    reads: { $0.path.hasPrefix("/etc/postgresql/") && !$0.path.hasSuffix("/start.conf") }
  ) { files in
    let settings = files.filter { $0.path.hasSuffix(".conf") && !$0.path.hasSuffix("/pg_hba.conf") }.map { "include '\($0.path)'\n" }.joined()
    let access = files.first { $0.path.hasSuffix("/pg_hba.conf") }.map { "-c hba_file=\($0.path)" } ?? ""
    return [Check(title: "postgres " + files.map(\.path).joined(separator: " "), code: start(settings, access) + questions + stop)]
  }

  static func start(_ settings: String, _ options: String) -> Shell {
    let ours =
      "-c unix_socket_directories=/tmp -c port=5432 -c fsync=off -c shared_preload_libraries= -c log_destination=stderr -c logging_collector=off"
    // The directories that a package makes belong to the packaged version; this server has its own.
    return """
      cd /tmp; printf '%s' \(settings) > /tmp/server.conf
      as_postgres() { HOME=/var/lib/postgresql setpriv --reuid postgres --regid postgres --init-groups "$@"; }
      as_postgres \(binaries)/pg_ctl -s -w -t 20 -D \(Room.dataDirectory) -l /tmp/server.log \\
        -o \("-c config_file=/tmp/server.conf -c data_directory=\(Room.dataDirectory) -c hba_file=\(Room.dataDirectory)/pg_hba.conf \(ours) \(options)") \\
        start || { cat /tmp/server.log; exit 1; }
      """
  }

  /// What this server's own directories overrule cannot be applied, and is no mistake.
  static let questions: Shell = """
    found=$(as_postgres psql -X -At -h /tmp -d postgres -c "select sourcefile, sourceline, name, setting, error from pg_file_settings
        where error is not null and name not in ('data_directory', 'hba_file', 'unix_socket_directories', 'port')" \\
      -c "select line_number, type, database, user_name, address, auth_method, error from pg_hba_file_rules where error is not null" || true)
    """

  static let stop: Shell = """
    as_postgres \(binaries)/pg_ctl -s -m immediate -D \(Room.dataDirectory) stop
    if grep -E 'WARNING|ERROR|FATAL' /tmp/server.log; then exit 1; fi
    [ -z "$found" ] || { echo "$found"; exit 1; }
    """

  static let createcluster = Daemon.each("perl", package: "postgresql-common", reads: { $0.path.hasPrefix("/etc/postgresql-common/") }) { path in
    let program = "use lib '/usr/share/postgresql-common'; use PgCommon; my %found = PgCommon::read_conf_file($ARGV[0]); exit !%found"
    return "perl -e \(program) \(path)"
  }

  /// `/etc/postgresql/VERSION/CLUSTER/start.conf`, by Debian's own reader.
  static let startConf = Daemon.each("perl", package: "postgresql-common", reads: { $0.path.hasSuffix("/start.conf") }) { path in
    let program = "use lib '/usr/share/postgresql-common'; use PgCommon; my (@at) = split '/', $ARGV[0]; get_cluster_start_conf(@at[3, 4])"
    return "out=$(perl -e \(program) \(path) 2>&1); [ -z \"$out\" ] || { echo \"$out\"; exit 1; }"
  }

  /// libpq skips a line that it cannot read; five fields are what it reads.
  static let passwordFile = Daemon.each("grep", package: "grep", reads: { file in file.path.hasPrefix("/var/lib/postgresql/.") }) { path in
    "if grep -vE '^(#.*|(([^:\\\\]|\\\\.)+:){4}([^:\\\\]|\\\\.)*)$' \(path); then exit 1; fi"
  }

  /// The bundle's own program reads its own file.
  static let roleConf = Daemon.each("python3", package: "python3", reads: { $0.path == "/etc/maasc/postgresql-role.conf" }) { _ in
    "/usr/local/lib/maasc/postgresql-role state"
  }

  /// Patroni judges a whole configuration only: what all members share is put where a member's own file has it.
  static let patroni = Daemon("patroni", package: "patroni", reads: { $0.path.hasSuffix(".yml") && $0.path.contains("patroni") }) { files in
    let member = files.first { $0.text.contains("restapi:") }?.path ?? ""
    return files.map { file in
      let shared: Shell = file.path.contains("dynamic") ? "python3 -c \(replaceShared) \(member) \(file.path)" : "cat \(file.path)"
      return Check(title: "patroni \(file.path)", code: validate(shared))
    }
  }

  private static let replaceShared = """
    import sys, yaml
    member, shared = (yaml.safe_load(open(path)) for path in sys.argv[1:])
    member["bootstrap"]["dcs"] = shared
    yaml.safe_dump(member, sys.stdout)
    """

  /// Patroni asks its etcd, so something has to answer there.
  private static func validate(_ configuration: Shell) -> Shell {
    """
    cd /tmp; python3 -m http.server 2379 --bind :: >/dev/null 2>&1 & stub=$!; trap '{ kill -KILL "$stub"; wait "$stub"; } 2>/dev/null || true' EXIT
    for _ in $(seq 100); do (: </dev/tcp/127.0.0.1/2379) 2>/dev/null && break; sleep 0.05; done
    \(configuration) | sed -E 's,/usr/lib/postgresql/[0-9]+/bin,\(raw: binaries),' > /tmp/patroni.yml
    out=$(patroni --validate-config /tmp/patroni.yml 2>&1) || { echo "$out"; exit 1; }
    [ -z "$out" ] || { echo "$out"; exit 1; }
    """
  }

  /// One member alone never has a quorum: that it stands for election shows that it took its configuration. There is no cluster to join here.
  static let etcd = Daemon.each("etcd", package: "etcd-server", reads: { $0.path == "/etc/default/etcd" }) { path in
    """
    set -a; . \(path); set +a
    export ETCD_INITIAL_CLUSTER_STATE=new ETCD_DATA_DIR=/tmp/etcd ETCD_ELECTION_TIMEOUT=200 ETCD_HEARTBEAT_INTERVAL=20
    etcd >/tmp/etcd.log 2>&1 & daemon=$!
    for _ in $(seq 100); do
      if grep -qE 'new election|became candidate|ready to serve' /tmp/etcd.log; then break; fi
      kill -0 "$daemon" 2>/dev/null || { tail -n 3 /tmp/etcd.log; exit 1; }
      sleep 0.05
    done
    kill -KILL "$daemon"
    grep -qE 'new election|became candidate|ready to serve' /tmp/etcd.log || { tail -n 3 /tmp/etcd.log; exit 1; }
    if grep -E 'unrecognized|conflicting|deprecated' /tmp/etcd.log; then exit 1; fi
    """
  }
}
