import Diagnostics

extension Rule {
  static let badValue = Rule(
    105, "bad-value", .error,
    summary: "a value that its type cannot read",
    why: """
      Addresses, networks, ports, MAC addresses, host names, versions, durations and enumerations are read strictly, so that a value which one \
      daemon would take and another would not never reaches either. A network with host bits set is refused, since PostgreSQL refuses it in \
      pg_hba.conf and MAAS in a subnet.
      """,
    examples: [
      .bad(
        "a network with host bits", as: .error,
        """
        firewall: {manage: none, management: [⟦10.9.0.5/24⟧]}
        """),
      .bad(
        "a word that the list of choices does not have", as: .error,
        """
        backup: {host: infra-3, keep: ⟦many⟧}
        """),
      .bad(
        "an address out of its range", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: ⟦10.20.0.256⟧, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "the network itself",
        """
        firewall: {manage: none, management: [10.9.0.0/24]}
        """),
      .good(
        "a number",
        """
        backup: {host: infra-3, keep: 14}
        """),
    ],
    check: .reading)
}
