import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let unsafeCredentialsCharset = Rule(
    406, "unsafe-credentials-charset", .error,
    summary: "the database's name or user holds a character that one of its readers breaks on",
    why: """
      The same text passes through YAML, a Python format string, Temporal's template, a URL that the migrations build without escaping, and a Go \
      URL parser: `"`, `\\`, `%`, `@`, `#`, `?`, `/` and a space each break one of them (MAAS source, production.yaml.template, \
      src/maasserver/management/commands/dbupgrade.py, src/maasopenfga). Only letters, digits, `.`, `_`, `~` and `-` survive them all. Before 3.5 \
      fewer programs read it: a warning.
      """,
    examples: [
      .bad(
        "an at sign in the user", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {user: ⟦maas@prg⟧, password: database}
          replication: {password: replication}
        """),
      .bad(
        "a space in the name", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {name: ⟦maas db⟧, password: database}
          replication: {password: replication}
        """),
      .bad(
        "3.4 has fewer readers", as: .warning,
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {user: ⟦maas@prg⟧, password: database}
          replication: {password: replication}
        """),
      .good(
        "all that is allowed",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {name: maas-db_1.prg~a, user: maas_prg, password: database}
          replication: {password: replication}
        """),
      .good("the defaults", "name: prague"),
    ],
    check: .topology { context, report in
      let topology = context.topology
      let fields = [("name", topology.postgresql.database.name), ("user", topology.postgresql.database.user)]
      for case (let field, let text?) in fields {
        guard let character = text.value.first(where: { !CredentialCharset.isSafe(String($0)) }) else { continue }
        report.report(
          "the database \(field) holds '\(character)', allowed are \(CredentialCharset.safeWords)", at: text.span,
          as: CredentialCharset.enforced.contains(topology.servedVersion) ? .error : .warning,
          notes: CredentialCharset.hazards(in: text.value, topology.servedVersion).map { "it breaks \($0.what)" },
          help: "choose a \(field) of these characters")
      }
    })
}
