import Formats
import Planning
import TestSupport
import Testing

/// What dhcpd writes of a pair among its leases, as steps read it.
@Suite struct DHCPFailoverStateTests {
  @Test(arguments: [
    ("normal", "normal", 0, ""), ("partner-down", "recover-wait", 0, "the other serves alone"),
    ("recover-wait", "partner-down", 0, "the other serves alone"),
    ("communications-interrupted", "normal", 1, "communications-interrupted normal"),
    ("recover-wait", "recover-wait", 1, "recover-wait recover-wait"),
    ("partner-down", "unknown-state", 1, "partner-down unknown-state"),
  ])
  func aPairServesOrItsStatesAreNamed(own: String, partner: String, status: Int32, says: String) throws {
    let code = try #require(StepLibrary.functions.first { $0.code.code.hasPrefix("failover_normal()") }).code.code
    let leases = """
      failover peer "other" state {
        my state normal at 1 2026/11/23 10:00:00;
        partner state normal at 1 2026/11/23 10:00:00;
      }
      failover peer "pair" state {
        my state normal at 1 2026/11/23 10:00:00;
        partner state normal at 1 2026/11/23 10:00:00;
      }
      failover peer "pair" state {
        my state \(own) at 2 2026/11/24 10:00:00;
        partner state \(partner) at 2 2026/11/24 10:00:00;
      }
      """
    let configuration =
      #"failover peer "other" {\n address 10.0.1.1;\n}\nfailover peer "pair" {\n primary;\n address 10.0.0.1;\n peer address 10.0.0.2;\n}\n"#
    let result = try run(
      "/usr/bin/bash", ["-c", "\(code)\nfailover_normal 10.0.0.1 <(printf '\(configuration)') <(cat)"], input: Array("\(leases)\n".utf8))
    #expect(result.status == status && result.text.contains(says), "\(result.story)")
  }
}
