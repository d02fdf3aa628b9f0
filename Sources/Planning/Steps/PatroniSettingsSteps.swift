import Formats

extension PatroniSteps {
  /// What all members share lies in etcd, and is changed there.
  func settings(after: [Predecessor]) -> Step {
    let ctl: Shell = "patronictl -c \(PatroniFiles.configuration) edit-config"
    let isCurrent: Shell = "\(ctl) --apply \(PatroniFiles.dynamic) \(scope) </dev/null 2>&1 | grep -qx 'Not changed'"
    return Step(
      host: host, phase: .database, name: "patroni-settings", title: "Bring parameters and pg_hba of all members up to date",
      why:
        "Patroni reads the part of its configuration about a new cluster only once; later changes go into etcd, and each member reloads by itself.",
      after: after, check: isCurrent, apply: "\(ctl) --force --apply \(PatroniFiles.dynamic) \(scope) >/dev/null", verify: isCurrent,
      back: "patronictl history and edit-config: give the settings their old values in the topology and deploy again", origin: origin)
  }

  /// Restarts this member's server by Patroni for parameters that a reload cannot change.
  func restart(_ turn: PostgreSQLRestartSteps.Turn, after: [Predecessor]) -> Step {
    let isLeader: Shell = turn == .primary ? "==" : "!="
    let isSettled =
      membership + """
        waits() { [[ $(column \(host.name) Role) \(isLeader) Leader && -n $(column \(host.name) 'Pending restart') ]]; }
        """
    return Step(
      host: host, phase: .database, name: turn.name.replacing(prefix: "postgresql", by: "patroni"), title: turn.title,
      why: "max_connections and its like need a restart; Patroni keeps a standby at its primary's value until the primary has the new one.",
      after: after, check: isSettled + "! waits",
      apply: isSettled + """
        say \(turn == .primary ? "restarting the primary: MAAS loses its database for some seconds" : "restarting this standby")
        patronictl -c \(PatroniFiles.configuration) restart --force --pending \(scope) \(host.name)
        """,
      verify: turn == .standby ? membership + isMember + "is_member" : isSettled + "! waits",
      back: "none is needed: give the parameter its old value in the topology and deploy again",
      caution: turn == .primary ? "A changed parameter that needs a restart interrupts the database for some seconds." : nil, origin: origin)
  }
}

extension String {
  fileprivate func replacing(prefix: String, by other: String) -> String { hasPrefix(prefix) ? other + dropFirst(prefix.count) : self }
}
