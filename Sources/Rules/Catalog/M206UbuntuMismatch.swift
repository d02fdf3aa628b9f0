import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let ubuntuMismatch = Rule(
    206, "ubuntu-mismatch", .error,
    summary: "the Ubuntu of a database host does not carry this PostgreSQL",
    why: """
      Each Ubuntu release carries one major version of PostgreSQL in its archive (packages.ubuntu.com). Another one cannot be installed from \
      there; with `packages.apt.sources` the site brings its own archive, and this rule is silent. Wrong Ubuntu for MAAS' own packages is M204.
      """,
    examples: [
      .bad(
        "PostgreSQL 16 on Ubuntu 22.04", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ⟦ubuntu-22.04⟧}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "PostgreSQL 17 on Ubuntu 24.04", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ⟦ubuntu-24.04⟧}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        postgresql:
          version: 17
          mode: streaming
          members: [db-1, db-2]
          database: {password: database}
          replication: {password: replication}
        """),
      .good("PostgreSQL 16 on Ubuntu 24.04", "name: prague"),
      .good(
        "another version from the site's own archive",
        """
        postgresql:
          version: 17
          mode: streaming
          members: [db-1, db-2]
          database: {password: database}
          replication: {password: replication}
        packages: {apt: {sources: site.sources}}
        """
      ).attaching("site.sources", "Types: deb\nURIs: http://apt.example.net/ubuntu\nSuites: noble\nComponents: main\n"),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard topology.packages.aptSources == nil, topology.level(of: .postgresql) == .full else { return }
      let wanted = topology.postgresqlVersion()
      let others = topology.postgresql.members.compactMap { topology[$0.value].os }.filter {
        (UbuntuPostgreSQL.version(on: $0.value) ?? wanted.value) != wanted.value
      }
      guard let first = others.first, let carried = UbuntuPostgreSQL.version(on: first.value) else { return }
      report.report(
        "Ubuntu \(first.value.number) carries PostgreSQL \(carried), not \(wanted.value)", at: first.span,
        secondary: (wanted.span.map { [Label($0, "PostgreSQL \(wanted.value)")] } ?? [])
          + others.dropFirst().map { Label($0.span, "Ubuntu \($0.value.number)") },
        help: "use the Ubuntu that carries it on all members, or name the archive that has it in packages.apt.sources")
    })
}
