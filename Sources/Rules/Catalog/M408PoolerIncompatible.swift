import Diagnostics
import Topology

extension Rule {
  static let poolerIncompatible = Rule(
    408, "pooler-incompatible", .error,
    summary: "a pooler shares one database session between transactions, which MAAS cannot stand",
    why: """
      MAAS holds advisory locks and LISTEN for the life of a session and sets its isolation level once (MAAS source, \
      src/maasserver/utils/dblocks.py). A pooler in transaction or statement mode hands the next transaction another session: locks are lost, \
      notifications never come. Session mode works, but saves little.
      """,
    examples: [
      .bad(
        "transaction pooling", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          pooler: ⟦transaction⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "statement pooling", as: .error,
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          pooler: ⟦statement⟧
          database: {password: database}
        """),
      .good(
        "session pooling",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          pooler: session
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "no pooler",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          pooler: none
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      guard let pooler = context.topology.postgresql.pooler, pooler.value == .transaction || pooler.value == .statement else { return }
      report.report(
        "MAAS does not work with \(pooler.value.rawValue) pooling, allowed are none and session", at: pooler.span, help: "set pooler: session",
        fix: [TextEdit(pooler.span, "session")])
    })
}
