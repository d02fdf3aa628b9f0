import Diagnostics

extension Rule {
  static let limits = Rule(
    107, "limits", .error,
    summary: "the file is larger, deeper or wider through aliases than a topology ever is, or holds a second document",
    why: """
      A topology is at most 64 MiB, 64 levels deep, and stands for at most 100,000 nodes through its aliases: beyond that it is a mistake or an \
      attack ("billion laughs"), and is refused before it costs time or memory. One file describes one installation, so a second document \
      would be silently ignored by most tools.
      """,
    examples: [
      .bad(
        "a second document", as: .error,
        """
        backup: {host: infra-3}
        ⟦---⟧
        """),
      .bad(
        "nested too deeply", as: .error,
        """
        firewall: {manage: none, management: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[⟦[⟧]}
        """),
      .good(
        "one document with its marks",
        """
        backup: {host: infra-3}
        ...
        """),
      .good(
        "a list in a list that is allowed",
        """
        firewall: {manage: none, management: [10.9.0.0/24]}
        """),
    ],
    check: .reading)
}
