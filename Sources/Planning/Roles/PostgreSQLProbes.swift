import Diagnostics
import Formats
import Topology

/// What verify.sh asks a member's server, beside files and services.
struct PostgreSQLProbes {
  let topology: Topology
  let server: DatabaseServer

  func probes(of member: DatabaseServer.Member, isReplicated: Bool) -> [Probe] {
    common + (isReplicated ? replication : []) + [settings]
  }

  var patroni: [Probe] { common + (server.members.count > 1 ? replication : []) }

  private var common: [Probe] {
    let maximum = topology.maxConnections()
    return [
      probe("max_connections", "PostgreSQL accepts \(maximum.value) connections", "show max_connections", .atLeast(maximum.value), maximum.span),
      probe(
        "pg_hba", "no line of pg_hba.conf is refused", "select count(*) from pg_hba_file_rules where error is not null", .equals("0"), nil),
      probe("pending_restart", "no parameter waits for a restart", "select count(*) from pg_settings where pending_restart", .equals("0"), nil),
      probe(
        "database", "MAAS' user owns its database",
        "select coalesce((select pg_get_userbyid(datdba) from pg_database where datname = \(topology.databaseName().value)), 'no database')",
        .equals(topology.databaseUser().value), topology.postgresql.database.span),
      probe(
        "extensions", "the files of every extension are there",
        """
        select coalesce(string_agg(name, ' '), 'all') from unnest(array[\(literals: topology.neededExtensions + topology.furtherExtensions)]::text[]) name
        where name not in (select name from pg_available_extensions)
        """, .equals("all"), nil),
    ]
  }

  private var replication: [Probe] {
    [
      probe(
        "replication", "every standby streams",
        """
        select case when pg_is_in_recovery() then (select count(*) from pg_stat_wal_receiver where status = 'streaming') + \(server.members.count - 2)
        else (select count(*) from pg_stat_replication where state = 'streaming') end
        """, .equals(String(server.members.count - 1)), nil),
      probe(
        "slots", "no replication slot is lost", "select count(*) from pg_replication_slots where wal_status = 'lost'", .equals("0"), nil),
    ]
  }

  private var settings: Probe {
    probe(
      "settings", "nothing overrides maasc's settings",
      """
      select coalesce(string_agg(name, ' ' order by name), 'none') from pg_file_settings where sourcefile = \(server.settingsFile) and not applied
      """, .equals("none"), nil)
  }

  private func probe(_ id: String, _ title: String, _ query: SQL, _ expected: Probe.Expectation, _ origin: Span?) -> Probe {
    Probe(
      id: "postgresql.\(id)", title: title, command: server.query(query), expected: expected, origin: origin ?? topology.postgresql.span)
  }
}

extension DatabaseServer {
  /// One command line that prints a query's answer.
  func query(_ query: SQL) -> Shell {
    "cd / && runuser -u postgres -- env HOME=/var/lib/postgresql psql -XAtqw -h \(Self.socketDirectory) -p \(port) -c \(query.text)"
  }
}

extension SQL.Interpolation {
  /// Constants, separated by commas.
  mutating func appendInterpolation(literals values: [String]) { appendInterpolation(SQL(raw: values.map(SQL.literal).joined(separator: ", "))) }
}
