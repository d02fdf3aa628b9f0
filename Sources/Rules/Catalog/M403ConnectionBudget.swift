import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let connectionBudget = Rule(
    403, "connection-budget", .warning,
    summary: "max_connections is below the worst case of this MAAS version",
    why: """
      Beside regiond each region runs the API server and Temporal with its worker since 3.5, and OpenFGA since 3.8, each with pools of its own; \
      other clients, a backup and a region that restarts while its old connections linger come on top. Every addend is read from source; their sum \
      is an upper bound that is seldom reached, so this is a warning. `max_connections: auto` is the sum, up to a multiple of 50.
      """,
    examples: [
      .bad(
        "enough for regiond only", as: .warning,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: ⟦153⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "one below the worst case", as: .warning,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: ⟦312⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "the same number with 3.8, which has OpenFGA", as: .warning,
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: ⟦313⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "exactly the worst case",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: 313
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "3.4 has neither API server nor Temporal",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: 163
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "what M402 proposes",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: 350
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology.withLegalWorkers
      guard topology.isIntact([.regions, .postgresql]), let limit = topology.connectionLimit else { return }
      let budget = topology.connectionBudget()
      guard limit.value >= budget.floor, limit.value < budget.worstCase else { return }
      report.report(
        "max_connections is below the worst case of MAAS \(topology.servedVersion.line)", at: limit.span,
        label: limit.value.counted("connection"),
        secondary: topology.postgresql.otherConnections.map { [Label($0.span, "\($0.value) others")] } ?? [],
        notes: ["\(budget.worstCaseEquation) > \(limit.value)"], help: topology.limitAdvice(budget), fix: topology.limitFix(budget))
    })
}
