import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let extensionMissing = Rule(
    414, "extension-missing", .error,
    summary: "the database lacks an extension that this MAAS version creates, or has one that breaks it",
    why: """
      MAAS' migrations run CREATE EXTENSION: btree_gin for Temporal's visibility store since 3.5, pgcrypto since 3.7 (MAAS source, \
      src/maasservicelayer/db/alembic). A managed server that does not offer them fails in the middle of the first migration. pgaudit broke the \
      initialisation of the database: the migration that drops the functions of extensions went with 3.5.7 and 3.6.1 and is in every release \
      of 3.4 and before (LP 2097079). Judged where `postgresql.extensions` says what the server has; a version without patch release stands for \
      the newest of its line.
      """,
    examples: [
      .bad(
        "btree_gin is not there", as: .error,
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [⟦pgcrypto⟧]
          database: {password: database}
        """),
      .bad(
        "pgaudit with 3.6.0", as: .error,
        """
        maas:
          version: "3.6.0"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [btree_gin, ⟦pgaudit⟧]
          database: {password: database}
        """),
      .bad(
        "pgaudit with 3.4, of which no release has the fix", as: .error,
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [⟦pgaudit⟧]
          database: {password: database}
        """),
      .good(
        "all that 3.7 creates",
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [btree_gin, pgcrypto]
          database: {password: database}
        """),
      .good(
        "3.4 creates none",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [pg_stat_statements]
          database: {password: database}
        """),
      .good(
        "pgaudit with a version that has the fix",
        """
        maas:
          version: "3.6.1"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [btree_gin, pgaudit]
          database: {password: database}
        """),
      .good(
        "pgaudit with the newest release of 3.5",
        """
        maas:
          version: "3.5"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          extensions: [btree_gin, pgaudit]
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard let first = topology.postgresql.extensions.first else { return }
      let version = topology.servedVersion
      if case .external = topology.postgresql.deployment {
        let missing = DatabaseExtensions.needed(version).map(\.name).filter { name in !topology.postgresql.extensions.contains { $0.value == name } }
        if !missing.isEmpty {
          report.report(
            "the server lacks \(missing.listed), which MAAS \(version.line) creates", at: first.span, label: "of what it has",
            secondary: [Label(topology.maas.version.span, "MAAS \(version.line)")],
            help: "have \(missing.listed) installed on the server, then add it here")
        }
      }
      guard let fixed = DatabaseExtensions.pgauditFix(for: version) else { return }
      for name in topology.postgresql.extensions where name.value == "pgaudit" {
        report.report(
          "pgaudit breaks the database migrations of MAAS \(version)", at: name.span,
          secondary: [Label(topology.maas.version.span, "fixed in \(fixed)")], help: "remove pgaudit from the server, or use MAAS \(fixed) or newer")
      }
    })
}
