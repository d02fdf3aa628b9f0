import Diagnostics

extension Rule {
  static let duplicateKey = Rule(
    102, "duplicate-key", .error,
    summary: "a key stands twice in one mapping",
    why: """
      YAML 1.2 forbids it and parsers disagree about which value counts: Ansible takes the last, others the first or an error. A topology that \
      says two things says nothing. Two spellings of one network or address are the same key. A key beside a merge key may override it: that is \
      what merging is for.
      """,
    examples: [
      .bad(
        "a region twice", as: .error,
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
          ⟦infra-1⟧: {num_workers: 2}
        """),
      .bad(
        "one network in two spellings", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                "2001:db8:30::/64": {}
                ⟦"2001:DB8:30:0::/64"⟧: {}
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "a key that overrides a merged one",
        """
        regions:
          infra-1: &common {num_workers: 4}
          infra-2: {<<: *common, num_workers: 5}
          infra-3: {<<: *common}
        """),
      .good(
        "the same key in two mappings",
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
        """),
    ],
    check: .reading)
}
