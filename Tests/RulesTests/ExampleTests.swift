import Diagnostics
import Rules
import Testing

/// One example of one rule; its description names a failed case.
struct RuleExample: Sendable, CustomTestStringConvertible {
  var rule: Rule
  var example: Example
  var testDescription: String { "\(rule.id) \(rule.name): \(example.title)" }

  static func all(firing: Bool) -> [RuleExample] {
    Rule.all.flatMap { rule in
      rule.examples.filter { ($0.expectation != .silent) == firing }.map { RuleExample(rule: rule, example: $0) }
    }
  }
}

@Suite struct ExampleTests {
  @Test("a bad example fires at its marks, with its severity, and nothing else is wrong", arguments: RuleExample.all(firing: true))
  func bad(_ item: RuleExample) throws {
    guard case .fires(let severity) = item.example.expectation else { return }
    let checked = CheckedExample(item.example)
    let found = checked.findings(of: item.rule)
    let places = found.map(\.primary.span).sorted { $0.lower < $1.lower }
    #expect(!checked.marked.isEmpty, "the example has no ⟦marks⟧")
    #expect(checked.describe(places) == checked.describe(checked.marked))
    #expect(places == checked.marked)
    #expect(found.allSatisfy { $0.severity == severity }, "\(checked.describe(found))")
    #expect(checked.describe(checked.errors(besides: item.rule)) == [])
  }

  @Test("a good example is clean of the rule and of every error", arguments: RuleExample.all(firing: false))
  func good(_ item: RuleExample) throws {
    let checked = CheckedExample(item.example)
    #expect(checked.describe(checked.findings(of: item.rule)) == [])
    #expect(checked.describe(checked.errors(besides: item.rule)) == [])
  }

  @Test("the topology that examples edit has no finding at all")
  func base() {
    let checked = CheckedExample([ExampleBase.text])
    #expect(checked.describe(checked.findings) == [])
  }

  @Test("findings are worded as the reference of the command line demands", arguments: RuleExample.all(firing: true))
  func words(_ item: RuleExample) throws {
    let checked = CheckedExample(item.example)
    for finding in checked.findings(of: item.rule) {
      let first = try #require(finding.message.unicodeScalars.first)
      #expect(!finding.message.hasSuffix("."), "\(finding.message)")
      #expect(!finding.message.hasPrefix("invalid"), "\(finding.message)")
      // Names keep their capitals, as MAAS, Ubuntu 24.04 and M301; a sentence does not get one.
      let word = finding.message.prefix { $0 != " " }
      let isName = word == "Ubuntu" || word.dropFirst().contains { $0.isUppercase || $0.isNumber }
      #expect(!first.properties.isUppercase || isName, "\(finding.message)")
      #expect(finding.secondary.allSatisfy { $0.span != finding.primary.span }, "\(finding.message)")
    }
  }
}
