import Diagnostics
import Topology

extension Rule {
  static let synchronousStall = Rule(
    415, "synchronous-stall", .error,
    summary: "synchronous replication with a single standby stops every commit when that standby is lost",
    why: """
      With `synchronous_standby_names` set, PostgreSQL holds each commit until a standby has confirmed it. If the only standby is down, the \
      healthy primary hangs: the second server then lowers availability instead of raising it (PostgreSQL manual, 27.2.8.3 "Planning for \
      High Availability"). Two standbys with `ANY 1` keep both promises.
      """,
    examples: [
      .bad(
        "a primary and one standby", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {password: database}
          replication: {password: replication, synchronous: ⟦true⟧}
        """),
      .bad(
        "no standby at all", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1]
          database: {password: database}
          replication: {password: replication, synchronous: ⟦true⟧}
        """),
      .good(
        "two standbys",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2, infra-3]
          database: {password: database}
          replication: {password: replication, synchronous: true}
        """),
      .good(
        "asynchronous with one standby",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {password: database}
          replication: {password: replication, synchronous: false}
        """),
    ],
    check: .topology { context, report in
      let postgresql = context.topology.postgresql
      guard context.topology.holdsAll(.postgresql), let synchronous = postgresql.replication?.synchronous, synchronous.value else { return }
      let members = postgresql.members
      guard members.count < 3 else { return }
      let standbys = max(0, members.count - 1)
      report.report(
        "synchronous replication with \(standbys.counted("standby", "standbys")): its loss stops every commit", at: synchronous.span,
        label: "needs 2 standbys", secondary: context.labels(members.dropFirst(), "the only standby"),
        help: "add a third member, or set synchronous: false")
    })
}
