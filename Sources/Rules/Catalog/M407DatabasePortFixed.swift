import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let databasePortFixed = Rule(
    407, "database-port-fixed", .error,
    summary: "the database listens on a port that OpenFGA does not dial",
    why: """
      Since 3.8 each region runs OpenFGA, which reads regiond.conf on its own, knows no `database_port` and always dials 5432 (MAAS source, \
      src/maasopenfga/cmd/maas-openfga/main.go). With another port MAAS starts, and every permission check fails.
      """,
    examples: [
      .bad(
        "another port with 3.8", as: .error,
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          port: ⟦5433⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "an external server with 3.8", as: .error,
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net, port: ⟦6432⟧}
          database: {password: database}
        """),
      .good(
        "another port with 3.7",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          port: 5433
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "the usual port with 3.8",
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          port: 5432
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      let port = topology.databasePort()
      guard OpenFGA.lifespan.contains(topology.servedVersion), port.value != OpenFGA.databasePort, let place = port.span else { return }
      report.report(
        "the database port is \(port.value), MAAS \(topology.servedVersion.line) always dials \(OpenFGA.databasePort) as well", at: place,
        secondary: [Label(topology.maas.version.span, "this version has OpenFGA")], help: "use port \(OpenFGA.databasePort)",
        fix: [TextEdit(place, "\(OpenFGA.databasePort)")])
    })
}
