import Diagnostics
import Topology

extension Rule {
  static let inlineSecret = Rule(
    703, "inline-secret", .error,
    summary: "a token, a private key or a password stands in the file",
    why: """
      The file is committed, reviewed and copied into bundles; what stands in it is no secret any more, and stays in the history. Secrets are \
      named, with the place where they are found at deploy time (`env`, `file` or `command`). Comments count too.
      """,
    examples: [
      .bad(
        "a token of Vault", as: .error,
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault: {command: [vault-login, ⟦hvs.CAESIJx8Qm4vPq2⟧]}
        """),
      .bad(
        "a password in a URL", as: .error,
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          mirror: {command: [curl, "https://ops:⟦s3cr3t-word⟧@mirror.example.net/token"]}
        """),
      .bad(
        "a private key in a comment", as: .error,
        """
        name: prague  # ⟦-----BEGIN RSA PRIVATE KEY-----⟧
        """),
      .good(
        "places alone",
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          vault: {command: [vault-login, --role, maas]}
        """),
      .good(
        "a URL with a user, and a word that begins like a token",
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          mirror: {command: [curl, "https://ops@mirror.example.net/hvs.txt"]}
        """),
    ],
    check: .topology { context, report in
      for place in InlineSecrets(context.topology.file).places {
        report.report(
          place.message, at: place.span, help: "remove it, declare it under secrets with its place, and replace it: the history of the file keeps it")
      }
    })
}
