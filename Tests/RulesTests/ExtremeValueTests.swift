import Diagnostics
import Rules
import Testing

/// Values at the ends of their types, which arithmetic must survive.
@Suite struct ExtremeValueTests {
  private static let everything = "{type: dynamic, start: \"::\", end: \"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\"}"

  @Test(
    "ranges of whole families, and of two",
    arguments: [
      ("\"::/0\"", [everything], 605),
      ("\"::/0\"", [everything, everything], 605),
      ("10.0.0.0/8", [everything, everything], 605),
      ("0.0.0.0/0", ["{type: dynamic, start: 0.0.0.1, end: 255.255.255.254}"], 611),
      ("10.50.0.0/24", ["{type: dynamic, start: 10.50.0.10, end: \"::1\"}"], 605),
      ("10.50.0.0/24", ["{type: dynamic, start: \"::1\", end: 10.50.0.10}"], 605),
      ("10.50.0.1/32", ["{type: dynamic, start: 10.50.0.1, end: 10.50.0.1}"], 611),
    ] as [(String, [String], UInt16)])
  func ranges(network: String, ranges: [String], rule: UInt16) {
    let example = """
      fabrics:
        fabric-1:
          provisioning: {vid: 100, subnets: {10.30.0.0/24: {}}}
          bmc: {vid: 110, subnets: {10.40.0.0/24: {}}}
          office:
            machines: 10
            subnets:
              \(network):
                ranges: [\(ranges.joined(separator: ", "))]
            dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}

      """
    let checked = CheckedExample([ExampleBase.compose(example)])
    #expect(checked.findings.contains { $0.rule == RuleID(rule) }, "\(checked.describe(checked.findings))")
  }
}
