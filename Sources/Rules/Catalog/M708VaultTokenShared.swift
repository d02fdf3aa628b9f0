import Diagnostics
import Topology

extension Rule {
  static let vaultTokenShared = Rule(
    708, "vault-token-shared", .error,
    summary: "a wrapped token of Vault is to be used by several regions",
    why: """
      Every region is configured by `maas config-vault configure` with a wrapped token, and unwrapping uses it up (HashiCorp Vault manual, \
      "Response wrapping"): the second region would get an error in the middle of the deployment. A secret with `per_host: true` is asked for \
      once for each host.
      """,
    examples: [
      .bad(
        "a token for all", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: https://vault.example.net, secrets_path: maas, approle_id: vault-role, wrapped_token: ⟦vault-token⟧}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token]}
        """),
      .bad(
        "said to be shared", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: https://vault.example.net, secrets_path: maas, approle_id: vault-role, wrapped_token: ⟦vault-token⟧}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token], per_host: false}
        """),
      .good(
        "a token for each host",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: https://vault.example.net, secrets_path: maas, approle_id: vault-role, wrapped_token: vault-token}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token], per_host: true}
        """),
      .good(
        "one region",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: https://vault.example.net, secrets_path: maas, approle_id: vault-role, wrapped_token: vault-token}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token]}
        regions:
          infra-1: {num_workers: 4}
        """),
      .good(
        "in Vault already",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: https://vault.example.net, secrets_path: maas, approle_id: vault-role, wrapped_token: vault-token, migrated: true}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token]}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard topology.regions.count > 1, let vault = topology.maas.vault, vault.migrated?.value != true else { return }
      let secret = topology[vault.wrappedToken.value]
      guard !secret.perHost else { return }
      report.report(
        "\(secret.name.value) is used up by the first of \(topology.regions.count) regions", at: vault.wrappedToken.span,
        secondary: [Label(secret.name.span, "one value for all hosts")],
        help: "set per_host: true on \(secret.name.value), with a command that makes a token each time")
    })
}
