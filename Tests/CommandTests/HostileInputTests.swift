import Foundation
import TestSupport
import Testing

/// What bad input gets: a finding with a place, exit 1, and no output touched. Never a crash, a hang or half a bundle.
@Suite struct HostileInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var rule: String
    var place: String
    var bytes: @Sendable () -> Data

    init(_ description: String, _ rule: String, at place: String, _ text: @escaping @autoclosure @Sendable () -> String) {
      (testDescription, self.rule, self.place) = (description, rule, place)
      bytes = { Data(text().utf8) }
    }
  }

  private static func host(_ name: String) -> String { Site.with("  c: {address", "  \(name): {address") }

  static let cases = [
    Case("20,000 levels", "M107", at: "1:67", "a: " + String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)),
    Case("20,000 levels of blocks", "M107", at: "65:", (0..<20_000).map { String(repeating: " ", count: $0 % 80) + "a:\n" }.prefix(80).joined()),
    Case(
      "an alias bomb", "M107", at: "6:",
      "schema: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + zip("bcdefghij", "abcdefghi").map { name, last in
          "\(name): &\(name) [" + Array(repeating: "*\(last)", count: 10).joined(separator: ",") + "]\n"
        }.joined()),
    Case("100 MB", "M107", at: "1:1", String(repeating: "0123456789", count: 10_000_000)),
    Case("a path as host name", "M105", at: "10:3", host("../../etc/cron.d/x")),
    Case("a command as host name", "M105", at: "10:3", host("$(reboot)")),
    Case("a line break in a host name", "M105", at: "10:3", host(#""c\nd""#)),
    Case("a connection string as database host", "M105", at: "15:", Site.with("mode: streaming", #"external: {host: "pg host=evil"}"#)),
    Case("an empty file", "M1", at: "1:1", ""),
    Case("a NUL", "M101", at: "2:8", "schema: 1\nname: a\u{0}b\n"),
  ]

  @Test(arguments: cases) func isAFindingWithAPlace(_ hostile: Case) throws { try expectFinding(hostile, hostile.bytes()) }

  @Test func bytesThatAreNoTextAreAFindingWithAPlace() throws {
    try expectFinding(Case("bytes", "M101", at: "2:7", ""), Data("schema: 1\nname: ".utf8) + [0xFF, 0xFE, 0x80])
  }

  private func expectFinding(_ hostile: Case, _ bytes: Data) throws {
    try Workspace.with { workspace in
      try workspace.write(bytes, to: "t.yaml")
      let check = try workspace.maasc("check", "t.yaml")
      #expect(check.status == 1, "\(check.status) \(check.text.prefix(2000))")
      #expect(check.text.contains("error[\(hostile.rule)") && check.text.contains("--> t.yaml:\(hostile.place)"), "\(check.text.prefix(2000))")
      let compile = try workspace.maasc("compile", "t.yaml", "--force")
      #expect(compile.status == 1 && !workspace.has("bundle"))
      let left = try FileManager.default.contentsOfDirectory(atPath: workspace.root.path).filter { $0 != "t.yaml" && $0 != "in" }
      #expect(left.isEmpty, "\(left)")
    }
  }
}
