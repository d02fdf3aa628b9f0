import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let externalTLSRequired = Rule(
    416, "external-tls-required", .error,
    summary: "the database demands TLS, which this version's Temporal does not speak",
    why: """
      Django and asyncpg follow libpq's default and use TLS where the server offers it, but Temporal's configuration has no TLS section in any \
      release (MAAS source, production.yaml.template), so a server that refuses plain connections refuses Temporal: machines cannot be powered or \
      deployed. Managed databases often demand it by default.
      """,
    examples: [
      .bad(
        "a managed server with 3.7", as: .error,
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net, requires_tls: ⟦true⟧}
          database: {password: database}
        """),
      .bad(
        "the same with 3.5", as: .error,
        """
        maas:
          version: "3.5"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net, requires_tls: ⟦true⟧}
          database: {password: database}
        """),
      .good(
        "3.4 has no Temporal",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net, requires_tls: true}
          database: {password: database}
        """),
      .good(
        "TLS is offered, but not demanded",
        """
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net, requires_tls: false}
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard case .external(let external) = topology.postgresql.deployment, let demand = external.requiresTLS, demand.value else { return }
      guard Temporal.lifespan.contains(topology.servedVersion), !Temporal.speaksTLSToPostgreSQL else { return }
      report.report(
        "the database demands TLS, which Temporal of MAAS \(topology.servedVersion.line) does not speak", at: demand.span,
        secondary: [Label(topology.maas.version.span, "this version has Temporal")],
        help: "let the server admit the regions without TLS, on a network that only they share")
    })
}
