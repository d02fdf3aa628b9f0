import Diagnostics

extension Rule {
  static let undefinedReference = Rule(
    106, "undefined-reference", .error,
    summary: "a host, VLAN, secret or rack that the file does not declare",
    why: """
      Names are references. A name that leads nowhere would become an address that leads nowhere in some file on some host. A VLAN name that \
      stands in two fabrics must be written `fabric/name`.
      """,
    examples: [
      .bad(
        "a region on an undeclared host", as: .error,
        """
        regions:
          infra-1: {num_workers: 4}
          ⟦infra-9⟧: {num_workers: 4}
        """),
      .bad(
        "an undeclared secret", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {password: ⟦databse⟧}
          replication: {password: replication}
        """),
      .good(
        "declared names",
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
        """),
      .good(
        "another declared host",
        """
        backup: {host: db-2, copy_to: "ops@store.example.net:/maas"}
        """),
    ],
    check: .reading)
}
