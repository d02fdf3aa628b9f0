import Diagnostics
import Rules
import Testing

@Suite struct FrameTests {
  @Test("M402 reads as the reference of the command line shows it") func connectionLimit() throws {
    let rule = try #require(Rule.with(name: "connection-limit"))
    let example = try #require(rule.examples.first)
    let checked = CheckedExample(example)
    let report = finalize(checked.findings(of: rule), in: checked.sources)
    let text = render(report, as: .text, rules: [], options: ReportOptions(toolVersion: "0"))
    #expect(
      text.hasPrefix(
        """
        error[M402]: max_connections is below what these regions alone can open
          --> prague.topology.yaml:30:20
           |
        30 |   max_connections: 100
           |                    ^^^ 100 connections
           |
        20 |   infra-1: {num_workers: 4}
           |             -------------- 50 connections, like infra-2 and infra-3
           = note: 3 regions × 10 × (4 workers + 1) + 3 reserved for superusers = 153 > 100; \
        the worst case of MAAS 3.7 with API server and Temporal is 313
           = help: set max_connections: 350, or auto
           = explain: maasc explain M402

        """))
  }
}
