import Diagnostics
import Testing

@Suite struct FinalizeTests {
  private let source = Marked("a: A\nb: B\nc: C\n")

  @Test func sortsByPlaceThenRuleThenText() {
    let findings = [
      Diagnostic.error(304, "run", at: .none), .error(301, "late", at: source.span("C")), .error(305, "y", at: source.span("A")),
      .error(305, "x", at: source.span("A")), .error(304, "z", at: source.span("A")),
    ]
    #expect(finalize(findings, in: source.sources).diagnostics.map(\.message) == ["z", "x", "y", "late", "run"])
  }

  @Test func isTheSameInAnyOrder() {
    let findings = [304, 301, 305].flatMap { rule in ["A", "B", "C"].map { Diagnostic.error(rule, at: source.span($0)) } }
    #expect(finalize(findings, in: source.sources).diagnostics == finalize(findings.reversed(), in: source.sources).diagnostics)
  }

  @Test func repeatsNothingButKeepsWhatDiffers() {
    let finding = Diagnostic.error(at: source.span("A"))
    let other = Diagnostic.error(105, "another value", at: source.span("A"))
    #expect(finalize([finding, other, finding], in: source.sources).diagnostics == [other, finding])
  }

  @Test func makesADefectInAnAnchorOneFinding() {
    var source = Marked("base: &b {port: x}\none: *b\ntwo: *b\n")
    let value = source.span("x")
    let shifts = [1, 2].map { source.sources.expand(source.span("{port: x}"), through: source.span("*b", $0)) }
    let uses = shifts.map { Diagnostic.error(at: Span(value.lower &+ $0, value.upper &+ $0)) }
    let throughAliases = finalize(uses.reversed(), in: source.sources).diagnostics
    #expect(throughAliases.map(\.primary.span) == [uses[0].primary.span])
    #expect(throughAliases.first?.secondary == [Label(uses[1].primary.span, "also used here")])
    let withTheAnchorItself = finalize(uses + [.error(at: value)], in: source.sources).diagnostics
    #expect(withTheAnchorItself.map(\.primary.span) == [value])
    #expect(withTheAnchorItself.first?.secondary.count == 2)
  }

  @Test func keepsTheWorstWithinTheLimitAndCountsTheRest() {
    var suppressed = Diagnostic(RuleID(301), .error, nature: .unwise, "accepted", at: source.span("B"))
    suppressed.suppression = "lab"
    let findings = [
      Diagnostic(RuleID(304), .warning, "w", at: source.span("A")), Diagnostic(RuleID(804), .hint, "h", at: source.span("A")), suppressed,
      .error(at: source.span("C")), .error(at: source.span("B")),
    ]
    let report = finalize(findings, in: source.sources, followOn: 3, baselined: 4, limit: 2)
    #expect(report.diagnostics.map(\.message) == ["no port", "accepted", "no port"])
    #expect(report.worst == .error)
    #expect(
      report.summary.line == "2 errors, 1 warning, 1 hint in 1 file; 3 follow-on errors suppressed; 1 suppressed by comment; "
        + "4 known from the baseline; 2 not shown (--max-findings)")
    #expect(finalize(findings, in: source.sources, limit: 0).diagnostics == [suppressed])
    #expect(finalize(findings, in: source.sources, limit: nil).diagnostics.count == 5)
  }

  @Test func saysThatThereIsNothing() {
    let report = finalize([], in: source.sources)
    #expect(report.summary.line == "no findings in 1 file")
    #expect(report.worst == nil)
    #expect(!report.hasFindings)
  }
}
