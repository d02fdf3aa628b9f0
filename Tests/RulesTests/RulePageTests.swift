import Diagnostics
import Foundation
import Rules
import TestSupport
import Testing

/// What is generated from the rules is committed, and current.
@Suite struct RulePageTests {
  @Test("the page of a rule is current", arguments: Rule.all.map(\.id)) func page(_ id: RuleID) throws {
    let rule = try #require(Rule.with(id: id))
    try expectGolden(rulePage(rule) { report(of: rule, on: $0) }, at: "docs/rules/\(rule.pageName)")
  }

  @Test("the index is current") func index() throws {
    try expectGolden(ruleIndex(), at: "docs/rules/README.md")
  }

  @Test("there is no page without a rule", .disabled(if: ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1", "pages are being written"))
  func orphans() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: packageRoot.appending(path: "docs/rules").path)
    #expect(Set(files) == Set(Rule.all.map(\.pageName) + ["README.md"]))
  }

  /// What `check` prints about the example, of this rule alone and without the count of findings.
  private func report(of rule: Rule, on example: Example) -> String {
    let checked = CheckedExample(example)
    let report = finalize(checked.findings(of: rule), in: checked.sources)
    let text = render(report, as: .text, rules: [], options: ReportOptions(toolVersion: ""))
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(2).joined(separator: "\n")
  }
}
