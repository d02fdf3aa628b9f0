import Diagnostics

extension Rule {
  static let badSuppression = Rule(
    109, "bad-suppression", .warning,
    summary: "a suppression that suppresses nothing, lacks its reason or names no rule",
    why: """
      `# maasc: ignore M301 -- reason` silences one rule at one place, and says why. A comment that no longer matches hides the next real \
      finding, so it has to go; one without a reason cannot be reviewed. Rules about broken bundles cannot be suppressed.
      """,
    examples: [
      .bad(
        "nothing to suppress here", as: .warning,
        """
        backup: {host: infra-3}  # maasc: ignore ⟦M301⟧ -- the racks carry no virtual machines
        """),
      .bad(
        "no reason", as: .warning,
        """
        regions:
          infra-1: {num_workers: 4}  ⟦# maasc: ignore M304⟧
        """),
      .good(
        "a finding, and why it is accepted",
        """
        regions:
          infra-1: {num_workers: 4}  # maasc: ignore M304 -- the laboratory may be down at night
        """),
      .good(
        "an ordinary comment",
        """
        backup: {host: infra-3}  # the store is on another floor
        """),
    ],
    check: .reading)
}
