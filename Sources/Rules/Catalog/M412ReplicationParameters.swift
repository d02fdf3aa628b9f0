import Diagnostics
import Topology

extension Rule {
  static let replicationParameters = Rule(
    412, "replication-parameters", .error,
    summary: "a PostgreSQL parameter is too small for the standbys, or lets a lost standby fill the disk",
    why: """
      Each standby needs a WAL sender and a slot, a new or returning one a second sender for its base backup; without a free one it never \
      connects (postgresql-operator issue 801). `wal_level: minimal` cannot feed a standby at all. A slot without `max_slot_wal_keep_size` keeps WAL \
      for a lost standby until the primary's disk is full: a warning where the limit is set to none.
      """,
    examples: [
      .bad(
        "no sender for the standby", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          parameters: {max_wal_senders: ⟦0⟧}
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "one slot for two standbys", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2, infra-3]
          parameters: {max_replication_slots: ⟦1⟧}
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "no WAL for standbys", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          parameters: {wal_level: ⟦minimal⟧}
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "slots without a limit", as: .warning,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          parameters: {max_slot_wal_keep_size: ⟦-1⟧}
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "one slot for one standby",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          parameters: {max_replication_slots: 1}
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "two senders and a limit",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          parameters: {max_wal_senders: 2, max_slot_wal_keep_size: 64GB}
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "no standby, no sender",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1]
          parameters: {max_wal_senders: 0}
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      let postgresql = context.topology.postgresql
      let standbys = postgresql.members.count - 1
      guard standbys > 0 else { return }
      for parameter in postgresql.parameters {
        let value = parameter.value
        switch (parameter.name.value, value.value.text) {
        case ("max_wal_senders", let text), ("max_replication_slots", let text):
          guard let number = Int(text), number < standbys else { continue }
          report.report(
            "\(parameter.name.value) is \(number), \(standbys.counted("standby needs", "standbys need")) \(standbys)", at: value.span,
            secondary: context.labels(postgresql.members.dropFirst(), "a standby"), help: "leave it out: maasc sets \(standbys + 10)")
        case ("wal_level", "minimal"):
          report.report(
            "wal_level minimal cannot feed a standby", at: value.span, help: "set wal_level: replica", fix: [TextEdit(value.span, "replica")])
        case ("max_slot_wal_keep_size", "-1"):
          report.report(
            "a lost standby keeps WAL without limit, until the primary's disk is full", at: value.span, as: .warning,
            help: "set max_slot_wal_keep_size to what the disk can spare, 64GB for example")
        default: continue
        }
      }
    })
}
