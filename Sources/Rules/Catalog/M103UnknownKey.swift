import Diagnostics

extension Rule {
  static let unknownKey = Rule(
    103, "unknown-key", .error,
    summary: "a key that the topology language does not have, or not at this level",
    why: """
      MAAS and most of what it stands on ignore unknown keys in their files, so a typing mistake goes unseen until the day the setting is needed \
      (MAAS source, src/provisioningserver/config.py). Here it is an error, with the key that was probably meant.
      """,
    examples: [
      .bad(
        "a typing mistake", as: .error,
        """
        regions:
          infra-1: {⟦num_worker⟧: 4}
          infra-2: {num_workers: 4}
        """),
      .bad(
        "a key at the wrong level", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {password: database, ⟦max_connections⟧: 400}
          replication: {password: replication}
        """),
      .good(
        "the right key",
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
        """),
      .good(
        "the right level",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          max_connections: 400
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .reading)
}
