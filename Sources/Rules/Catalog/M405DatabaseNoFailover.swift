import Diagnostics
import Topology

extension Rule {
  static let databaseNoFailover = Rule(
    405, "database-no-failover", .warning,
    summary: "the loss of one database host stops MAAS, and nothing can take over",
    why: """
      "MAAS HA" without a second database moves the API to another host that has no database either (canonical/maas-docs issue 386). One member \
      cannot fail over at all; several members behind the address of one of them need every region's configuration changed in the middle of the \
      night. HAProxy in front finds the primary wherever it is.
      """,
    examples: [
      .bad(
        "one member", as: .warning,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [⟦db-1⟧]
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "two members, but the endpoint is one of them", as: .warning,
        """
        haproxy: ~absent
        regions:
          infra-1: {num_workers: 4}
        postgresql:
          version: 16
          mode: streaming
          members: [⟦db-1⟧, db-2]
          database: {password: database}
          replication: {password: replication}
        """),
      .good("two members behind HAProxy", "name: prague"),
      .good(
        "somebody else's server",
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll([.postgresql, .balancer]), let first = context.topology.postgresql.members.first else { return }
      let members = context.topology.postgresql.members
      if members.count == 1 {
        report.report(
          "\(context.name(first.value)) is the only database host: nothing takes over when it is lost", at: first.span,
          help: "add a second member on a host of another zone")
      } else if case .primary(let host) = context.topology.databaseEndpoint().value.kind {
        report.report(
          "every region dials \(context.name(host)) itself, so the database endpoint is lost with it", at: first.span,
          secondary: context.labels(members.dropFirst(), "could take over, but no region would find it"),
          help: "put HAProxy in front: haproxy.hosts, with a virtual address")
      }
    })
}
