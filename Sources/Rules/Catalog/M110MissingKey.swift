import Diagnostics
import Topology

extension Rule {
  static let missingKey = Rule(
    110, "missing-key", .error,
    summary: "a required key is absent",
    why: """
      Few keys are required: without them there is no value that a careful expert could choose. The finding stands at the mapping that should \
      hold the key. The password of MAAS' database user is required wherever maasc writes a configuration that needs it, and the replication user's \
      where there are standbys.
      """,
    examples: [
      .bad(
        "a relay that does not say where to", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              relay: ⟦{helpers: [10.30.0.2, 10.30.0.3]}⟧
        """),
      .bad(
        "a virtual address without its interface", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - ⟦{address: 10.20.0.10/24, virtual_router_id: 51}⟧
        """),
      .bad(
        "a database user without password", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: ⟦{user: maas}⟧
          replication: {password: replication}
        """),
      .good(
        "a single server needs no replication user",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1]
          database: {password: database}
        """),
      .good(
        "all required keys are there",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
      .good(
        "optional keys may be absent",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0}
        """),
    ],
    // The reader finds the others; these depend on the rest of the file.
    check: .topology { context, report in
      let topology = context.topology
      guard topology.isIntact([.secrets, .maas, .postgresql, .rest]) else { return }
      let postgresql = topology.postgresql
      let isInVault = topology.maas.vault?.migrated?.value ?? false
      if postgresql.database.password == nil, !isInVault, topology.level(of: .maas) == .full || topology.level(of: .postgresql) == .full {
        report.report(
          "the database user has no password", at: postgresql.database.span, help: "add 'password', the name of a secret, under postgresql.database")
      }
      if topology.level(of: .postgresql) == .full, postgresql.members.count > 1, postgresql.replication?.password == nil {
        report.report(
          "the replication user has no password", at: postgresql.replication?.span ?? postgresql.span,
          help: "add 'password', the name of a secret, under postgresql.replication")
      }
    })
}
