import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let weakAuthentication = Rule(
    411, "weak-authentication", .warning,
    summary: "an own pg_hba entry admits with md5, trust or password, or from everywhere, or only over TLS",
    why: """
      `trust` asks for nothing, `password` sends it in clear, md5 hashes can be replayed and are deprecated since PostgreSQL 18; an entry for every \
      address makes the firewall the only lock. `hostssl` for MAAS' user is an error since 3.5: Temporal connects without TLS, so it would be \
      refused (PostgreSQL manual, 21.1 and 20.3; MAAS source, production.yaml.template).
      """,
    examples: [
      .bad(
        "md5", as: .warning,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: [⟦"host all monitoring 10.9.0.0/24 md5"⟧]
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "from everywhere", as: .warning,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: [⟦"host all monitoring 0.0.0.0/0 scram-sha-256"⟧]
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "only over TLS for MAAS' user", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: [⟦"hostssl maasdb maas 10.20.0.0/24 scram-sha-256"⟧]
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "scram for one network",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: ["host all monitoring 10.9.0.0/24 scram-sha-256"]
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "only over TLS for MAAS' user of 3.4",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: ["hostssl maasdb maas 10.20.0.0/24 scram-sha-256"]
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "nobody from everywhere",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: ["hostnossl all monitoring 0.0.0.0/0 reject"]
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    yieldsTo: [410],
    check: .topology { context, report in
      // What has no effect on an external server is M108's.
      if case .external = context.topology.postgresql.deployment { return }
      for entry in context.topology.postgresql.hba where entry.value.method != "reject" {
        if context.demandsTLS(entry.value) {
          report.report(
            "hostssl refuses MAAS' user without TLS, and Temporal of MAAS \(context.topology.servedVersion.line) has none", at: entry.span,
            as: .error,
            nature: .wrong, help: "write host instead of hostssl")
        } else if let weakness = entry.value.weakness {
          report.report(weakness, at: entry.span, help: "use scram-sha-256 and the narrowest network")
        }
      }
    })
}

extension RuleContext {
  /// Whether a source of MAAS' own connections would have to speak TLS by this entry, though its Temporal cannot.
  fileprivate func demandsTLS(_ entry: HBAEntry) -> Bool {
    guard entry.connection == .hostssl, Temporal.lifespan.contains(topology.servedVersion), !Temporal.speaksTLSToPostgreSQL else { return false }
    guard entry.users.contains(topology.databaseUser().value), let peer = entry.peer else { return false }
    guard entry.databases.contains("all") || entry.databases.contains(topology.databaseName().value) else { return false }
    return topology.databaseSources(index).contains { peer.covers(topology[$0].address.value) }
  }
}

extension HBAEntry {
  /// What is weak about the entry, or nil.
  fileprivate var weakness: String? {
    let isEverywhere = peer?.isEverywhere == true
    guard let weakMethod else { return isEverywhere ? "this entry admits every address" : nil }
    return isEverywhere ? "\(weakMethod), and the entry admits every address" : weakMethod
  }

  private var weakMethod: String? {
    switch method {
    case "trust": "trust admits everybody without a password"
    case "md5": "md5 is weaker than scram-sha-256 and deprecated"
    case "password" where connection != .hostssl: "password sends the password in clear"
    default: nil
    }
  }
}
