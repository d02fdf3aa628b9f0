import Diagnostics
import Formats

/// Restarts for parameters that a reload cannot change: standbys first, so that none has less room than its primary; then the primary, and only if
/// it has such a parameter; then standbys whose values became smaller.
enum PostgreSQLRestartSteps {
  enum Turn: CaseIterable {
    case standby, primary, lowered

    var name: String {
      switch self {
      case .standby: "postgresql-restart-standby"
      case .primary: "postgresql-restart-primary"
      case .lowered: "postgresql-restart-lowered"
      }
    }
    var title: String {
      switch self {
      case .standby: "Restart this server if it is a standby with pending parameters"
      case .primary: "Restart this server if it is the primary with pending parameters"
      case .lowered: "Restart this server if it is a standby that waited for the primary's smaller values"
      }
    }
  }

  static func step(_ turn: Turn, _ server: DatabaseServer, _ host: HostPlan, after: [Predecessor], origin: Span) -> Step {
    let isSettled = server.shell + pending(turn) + "[[ -z $(pending) ]]"
    return Step(
      host: host, phase: .database, name: turn.name, title: turn.title,
      why: "max_connections and its like need a restart; a standby below its primary would refuse to start.", after: after, check: isSettled,
      apply: server.shell + pending(turn) + """
        names=$(pending)
        say "restarting PostgreSQL for $names"
        \(turn == .primary ? "say 'this is the primary: MAAS loses its database for some seconds'" as Shell : "" as Shell)
        systemctl restart \(server.unit)
        wait_until 120 "PostgreSQL did not come back; look into /var/log/postgresql" sql -c 'select 1'
        """, verify: isSettled, back: "none is needed: give the parameter its old value in the topology and deploy again",
      caution: turn == .primary ? "A changed parameter that needs a restart interrupts the database for some seconds." : nil, origin: origin)
  }

  /// `pending` prints the parameters that this turn restarts for; nothing for a server of the other role.
  private static func pending(_ turn: Turn) -> Shell {
    let lowered: SQL = """
      select from pg_settings s join (select distinct on (name) name, setting from pg_file_settings order by name, seqno desc) given using (name)
      where s.pending_restart and case when name in ('max_connections', 'max_wal_senders', 'max_worker_processes', 'max_prepared_transactions',
      'max_locks_per_transaction') then given.setting::int < s.setting::int end
      """
    let pending: SQL = """
      select string_agg(name, ', ' order by name) from pg_settings where pending_restart and pg_is_in_recovery() = \(turn != .primary)
      """
    let waits: SQL = turn == .standby ? " and not exists (\(lowered))" : ""
    return "pending() { sql -c \("\(pending.text)\(waits.text)"); }"
  }
}
