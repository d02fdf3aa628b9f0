import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let postgresqlTooOld = Rule(
    205, "postgresql-too-old", .error,
    summary: "this MAAS version needs a newer PostgreSQL",
    why: """
      MAAS refuses to migrate its database below a minimum version (MAAS source, src/maasserver/plugin.py, PGSQL_MIN_VERSION): an error. Its \
      documentation wants more than that, since only that is tested (docs/reference/supported-maas-versions.md): a warning.
      """,
    examples: [
      .bad(
        "3.8 refuses 13", as: .error,
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: ⟦13⟧
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .bad(
        "3.7 starts with 14, but is documented for 16", as: .warning,
        """
        postgresql:
          version: ⟦14⟧
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good(
        "3.6 with 14",
        """
        maas:
          version: "3.6"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 14
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good(
        "3.7 with 16",
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      guard let version = context.topology.postgresql.version else { return }
      let maas = context.topology.servedVersion
      guard let release = Releases.release(maas) else { return }
      if let minimum = release.postgresqlRefusedBelow, version.value < minimum {
        report.report(
          "MAAS \(maas.line) refuses PostgreSQL \(version.value), it needs \(minimum) or newer", at: version.span,
          secondary: [Label(context.topology.maas.version.span, "MAAS \(maas.line)")], help: "use PostgreSQL \(release.postgresqlRecommended)")
      } else if version.value < release.postgresqlDocumented {
        report.report(
          "MAAS \(maas.line) is documented for PostgreSQL \(release.postgresqlDocumented) or newer, not for \(version.value)", at: version.span,
          as: .warning, secondary: [Label(context.topology.maas.version.span, "MAAS \(maas.line)")],
          help: "use PostgreSQL \(release.postgresqlRecommended)")
      }
    })
}
