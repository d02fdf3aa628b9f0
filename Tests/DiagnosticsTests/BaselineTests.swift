import Diagnostics
import Testing

@Suite struct BaselineTests {
  private static let text = "maas:\n  regions:\n    - host: A\n    - host: B\nvlans: {x: C}\n"
  private let paths = RelativePaths()

  private static func unwise(_ rule: UInt16, _ message: String, _ source: Marked, _ place: String) -> Diagnostic {
    Diagnostic(RuleID(rule), .warning, nature: .unwise, message, at: source.span(place))
  }

  private static func findings(_ source: Marked) -> [Diagnostic] {
    [
      unwise(304, "40 leases for 120 machines, (7) of 10.0.0.1", source, "A"), unwise(305, "one rack", source, "B"),
      unwise(306, "one zone", source, "C"), .error(105, "wrong", at: source.span("C")),
    ]
  }

  /// The findings left and the number known when a baseline made of `text` meets `later`.
  private func outcome(_ later: Marked, _ findings: [Diagnostic], baseline: String, isComplete: Bool = true) -> Baseline.Outcome {
    var sources = later.sources
    var problems = Findings()
    let read = Baseline(sources.add(path: "baseline", bytes: Array(baseline.utf8)), &problems)
    #expect(problems.diagnostics.isEmpty)
    return read.apply(to: findings, in: sources, paths: paths, isComplete: isComplete)
  }

  private var written: String {
    let source = Marked(Self.text)
    return Baseline.text(of: Self.findings(source), in: source.sources, paths: paths)
  }

  @Test func isOneSortedLineForEachFindingThatMayBeAccepted() {
    #expect(
      written == """
        {"format":"maasc-baseline","version":1}
        {"rule":"M304","file":"t.yaml","path":"maas.regions.- host: A.host","message":"# leases for # machines, (7) of 10.0.0.1"}
        {"rule":"M305","file":"t.yaml","path":"maas.regions.- host: B.host","message":"one rack"}
        {"rule":"M306","file":"t.yaml","path":"vlans","message":"one zone"}

        """)
  }

  @Test(arguments: [
    text, "# a comment more\n\nnew: 1\n" + text, text.replacing("\n", with: "\r\n"), text.replacing("- host: A", with: "- host: A # why"),
  ])
  func knowsItsFindingsWhereverTheyMove(later: String) {
    let source = Marked(later)
    var findings = Self.findings(source)
    findings[0].message = "41 leases for 200 machines, (7) of 10.0.0.1"
    let outcome = outcome(source, findings, baseline: written)
    #expect(outcome.known == 3)
    #expect(outcome.diagnostics.map(\.message) == ["wrong"])
  }

  @Test func reportsWhatIsNewAndWhatIsStale() {
    let source = Marked(Self.text)
    let findings = [Self.unwise(304, "another", source, "A")] + Self.findings(source).dropFirst(2)
    let outcome = outcome(source, findings, baseline: written)
    #expect(
      outcome.diagnostics.map(\.message) == [
        "another", "wrong", "a stale entry of the baseline: M304 finds this no more at maas.regions.- host: A.host of t.yaml",
        "a stale entry of the baseline: M305 finds this no more at maas.regions.- host: B.host of t.yaml",
      ])
  }

  @Test func callsNothingStaleThatWasNotChecked() {
    let source = Marked(Self.text)
    #expect(outcome(source, [], baseline: written, isComplete: false).diagnostics.isEmpty)
    let other = Marked(Self.text, path: "other.yaml")
    #expect(outcome(other, [], baseline: written).diagnostics.isEmpty)
  }

  @Test func removesStaleEntriesByTheirFix() throws {
    var sources = Marked(Self.text).sources
    var problems = Findings()
    let baseline = Baseline(sources.add(path: "baseline", bytes: Array(written.utf8)), &problems)
    let stale = baseline.apply(to: [], in: sources, paths: paths, isComplete: true).diagnostics
    let fixed = try #require(applyFixes(stale, in: sources).files.first)
    #expect(String(decoding: fixed.new, as: UTF8.self) == "{\"format\":\"maasc-baseline\",\"version\":1}\n")
  }

  @Test func tellsFindingsApartThatAreAlike() {
    let source = Marked("a: [V, V]\n")
    let twice = [1, 2].map { Diagnostic(RuleID(305), .warning, nature: .unwise, "one rack", at: source.span("V", $0)) }
    let baseline = Baseline.text(of: [twice[0]], in: source.sources, paths: paths)
    #expect(outcome(source, twice, baseline: baseline).diagnostics.count == 1)
    let both = Baseline.text(of: twice, in: source.sources, paths: paths)
    #expect(both.hasSuffix("\"one rack\",\"occurrence\":2}\n"))
    #expect(outcome(source, twice, baseline: both).known == 2)
  }

  @Test(arguments: [
    ("", "no baseline: its first line lacks \"format\":\"maasc-baseline\""),
    ("[]\n", "no baseline: its first line lacks \"format\":\"maasc-baseline\""),
    ("{\"format\":\"maasc-baseline\",\"version\":2}\n", "a baseline of version 2; known is version 1"),
    ("{\"format\":\"maasc-baseline\",\"version\":1}\n<<<<<<< HEAD\n", "a line that is no entry of a baseline"),
    ("{\"format\":\"maasc-baseline\",\"version\":1}\n{\"rule\":\"M304\"}\n", "a line that is no entry of a baseline"),
  ])
  func saysWhatIsWrongWithTheFile(text: String, message: String) {
    var sources = SourceMap()
    var problems = Findings()
    _ = Baseline(sources.add(path: "baseline", bytes: Array(text.utf8)), &problems)
    #expect(problems.diagnostics.map(\.message) == [message])
    #expect(problems.hasErrors)
  }
}
