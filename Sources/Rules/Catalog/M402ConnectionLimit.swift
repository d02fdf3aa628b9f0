import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let connectionLimit = Rule(
    402, "connection-limit", .error,
    summary: "max_connections is below what regiond alone can open",
    why: """
      Each regiond process holds a pool of nine database threads and one listener (MAAS source, src/maasserver/utils/threads.py), and there are \
      `num_workers` of them and one master. When the server has no slot left, PostgreSQL answers "remaining connection slots are reserved", and \
      pages and RPC calls fail at random, first under load. MAAS' documentation speaks of 11 for each worker and 40 for each region; both figures \
      are older than the present code, so the number is computed from the source and shown.
      """,
    examples: [
      .bad(
        "the default of PostgreSQL for three regions", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: ⟦100⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "one below the limit", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: ⟦152⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "an external server that is too small", as: .error,
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net, max_connections: ⟦100⟧, reserved_connections: 5}
          database: {password: database}
        """),
      .good(
        "exactly the limit",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: 153
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "computed",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: auto
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology.withLegalWorkers
      guard topology.isIntact(.regions), topology.holdsAll(.postgresql), let limit = topology.connectionLimit else { return }
      let budget = topology.connectionBudget()
      guard limit.value < budget.floor else { return }
      report.report(
        "max_connections is below what these regions alone can open", at: limit.span, label: limit.value.counted("connection"),
        secondary: topology.regionConnections { Connections.ofRegiond(workers: $0) },
        notes: [
          "\(budget.equation) > \(limit.value); the worst case of MAAS \(topology.servedVersion.line)\(budget.companions) is \(budget.worstCase)"
        ],
        help: topology.limitAdvice(budget), fix: topology.limitFix(budget))
    })
}
