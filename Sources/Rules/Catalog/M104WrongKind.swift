import Diagnostics

extension Rule {
  static let wrongKind = Rule(
    104, "wrong-kind", .error,
    summary: "a mapping, a list or a single value stands where another kind is wanted",
    why: """
      The key decides what its value must be. `backup` as a list, or a host that is only an address, cannot be read without guessing, and a guess \
      in an installation file is worse than an error.
      """,
    examples: [
      .bad(
        "a list where a mapping is wanted", as: .error,
        """
        backup: ⟦[infra-3]⟧
        """),
      .bad(
        "a mapping where a number is wanted", as: .error,
        """
        regions:
          infra-1: {num_workers: ⟦{}⟧}
          infra-2: {num_workers: 4}
        """),
      .good(
        "an empty value stands for an empty mapping where all keys are optional",
        """
        racks:
          rack-a1:
          rack-a2:
        """),
      .good(
        "a mapping",
        """
        racks:
          rack-a1: {}
          rack-a2: {}
        """),
    ],
    check: .reading)
}
