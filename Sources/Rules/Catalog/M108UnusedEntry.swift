import Diagnostics

extension Rule {
  static let unusedEntry = Rule(
    108, "unused-entry", .warning,
    summary: "a host, secret or anchor that nothing uses",
    why: """
      An entry without a use is a role that somebody forgot to give, or a machine that somebody forgot to remove; its firewall rules and its \
      secret stay behind either way.
      """,
    examples: [
      .bad(
        "a secret that nothing reads", as: .warning,
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          ⟦vault-token⟧: {env: VAULT_TOKEN}
        """),
      .bad(
        "an anchor without an alias", as: .warning,
        """
        regions:
          infra-1: ⟦&workers⟧ {num_workers: 4}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        """),
      .good(
        "every secret has a reader",
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
        """),
      .good(
        "an anchor that is used",
        """
        regions:
          infra-1: &workers {num_workers: 4}
          infra-2: *workers
          infra-3: {num_workers: 4}
        """),
    ],
    check: .reading)
}
