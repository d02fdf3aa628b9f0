import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let vaultOrder = Rule(
    706, "vault-order", .error,
    summary: "Vault is to hold the database's credentials, and this version has a reader of regiond.conf that does not ask it",
    why: """
      `maas config-vault migrate` moves the database's credentials from regiond.conf into Vault and empties them there (MAAS source, \
      src/maasserver/start_up.py). From 3.8 maas-openfga reads user and password from regiond.conf on its own and asks no Vault (MAAS source, \
      src/maasopenfga/cmd/maas-openfga/main.go), so after the migration it has no way into the database. That was read in the source, not yet \
      seen: the rule stands until the contrary is shown. Credentials that would be written again after a migration cannot be said in the file: \
      with `migrated: true` none are written.
      """,
    examples: [
      .bad(
        "Vault with 3.8", as: .error,
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: ⟦https://vault.example.net⟧, secrets_path: maas, approle_id: vault-role, wrapped_token: vault-token}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token], per_host: true}
        """),
      .bad(
        "already migrated, with 4.0", as: .error,
        """
        maas:
          version: "4.0"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          vault: {url: ⟦https://vault.example.net⟧, secrets_path: maas, approle_id: vault-role, wrapped_token: vault-token, migrated: true}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault-role: {env: VAULT_ROLE}
          vault-token: {command: [get-token], per_host: true}
        """),
      .good(
        "Vault with 3.7",
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
        "3.8 without Vault",
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard let vault = topology.maas.vault, OpenFGA.lifespan.contains(topology.servedVersion) else { return }
      report.report(
        "maas-openfga of MAAS \(topology.servedVersion.line) finds no database credentials once Vault holds them", at: vault.url.span,
        secondary: [Label(topology.maas.version.span, "this version")], help: "leave vault out, or stay with \(lastLineWithoutOpenFGA)")
    })
}

/// The newest line before maas-openfga.
private var lastLineWithoutOpenFGA: String {
  Releases.table.map(\.line).filter { !OpenFGA.lifespan.contains($0) }.max().map { "MAAS \($0)" } ?? "an older MAAS"
}
