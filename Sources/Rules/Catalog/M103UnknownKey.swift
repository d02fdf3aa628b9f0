import Diagnostics
import MAASFacts
import Topology

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
      .bad(
        "an option that the language has a key for", as: .error,
        """
        regions:
          infra-1: {options: {⟦num_workers⟧: 4}}
          infra-2: {num_workers: 4}
        """),
      .good(
        "an option that it has none for",
        """
        regions:
          infra-1: {num_workers: 4, options: {debug: true}}
          infra-2: {num_workers: 4}
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
    // The reader finds the others; an option that the language has a key for would go past the rules that judge that key.
    check: .topology { context, report in
      for controller in context.controllers {
        for option in controller.options {
          guard let key = ownKey(of: option.name.value, controller, context) else { continue }
          report.report("\(option.name.value) has a key of its own", at: option.name.span, help: "write \(key) instead")
        }
      }
    })
}

/// Where the language has what an option of regiond.conf or rackd.conf says.
private func ownKey(of option: String, _ controller: Controller, _ context: RuleContext) -> String? {
  let section = controller.role == .region ? "regions" : "racks"
  let own = "\(section).\(context.name(controller.host)).\(option)"
  switch (controller.role, option) {
  case (_, "maas_url"), (.region, "num_workers"), (.region, "broadcast_address"): return own
  case (.region, "database_host"): return "postgresql.external.host"
  case (.region, "database_port"): return "postgresql.port"
  case (.region, "database_name"): return "postgresql.database.name"
  case (.region, "database_user"): return "postgresql.database.user"
  case (.region, "database_pass"): return "postgresql.database.password, the name of a secret,"
  case (.region, _) where option.hasPrefix("vault_"): return "maas.vault"
  default: return nil
  }
}
