import Diagnostics

extension Rule {
  static let yamlSyntax = Rule(
    101, "yaml-syntax", .error,
    summary: "the file is not YAML in UTF-8",
    why: """
      Without a syntax tree nothing else can be said about the file, so this ends the run. The commonest mistakes are explained in words of \
      their own: tabs, unclosed quotes and brackets, a colon inside a plain value, unquoted IPv6, an alias without its anchor.
      """,
    examples: [
      .bad(
        "a tab as indentation", as: .error,
        """
        firewall:
        ⟦	⟧manage: none
        """),
      .bad(
        "an alias whose anchor does not exist", as: .error,
        """
        racks:
          rack-a1: ⟦*defaults⟧
          rack-a2: {}
        """),
      .good(
        "an anchor, used after it",
        """
        regions:
          infra-1: &workers {num_workers: 4}
          infra-2: *workers
          infra-3: *workers
        """),
      .good(
        "a quoted IPv6 address",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: [10.30.0.2, "2001:db8:30::2"], bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: [10.30.0.3, "2001:db8:30::3"], bmc: 10.40.0.3}}
        """),
    ],
    check: .reading)
}
