import Diagnostics
import Testing

@Suite struct SuppressionTests {
  static let rules = [101, 109, 301, 304, 305, 601].map { RuleID($0) }

  /// Applies the comments of a text to findings at the places of `at`; each text is a scalar if it stands in `scalars`.
  private func outcome(
    _ source: Marked, _ findings: [Diagnostic], scalars: [Span] = [], isComplete: Bool = true
  ) -> (reasons: [String?], remarks: [Diagnostic]) {
    let comments = SuppressionComment.all(in: source.file) { offset in scalars.contains { $0.lower <= offset && offset < $0.upper } }
    let all = applySuppressions(comments, to: findings, in: source.sources, rules: Self.rules, isComplete: isComplete)
    return (all.prefix(findings.count).map(\.suppression), Array(all.dropFirst(findings.count)))
  }

  private func unwise(_ rule: UInt16, _ span: Span) -> Diagnostic {
    Diagnostic(RuleID(rule), .warning, nature: .unwise, "unwise", at: span)
  }

  @Test(arguments: [
    ("end of line", "a: X # maasc: ignore M301 -- lab\nb: Y\n", "lab", nil),
    ("several rules", "a: X # maasc: ignore M305, M301 -- lab\n", "lab", nil),
    ("without blanks", "a: X #maasc:ignore m301 --lab\n", "lab", nil),
    ("line above", "# maasc: ignore M301 -- lab\na: X\nb: Y\n", "lab", nil),
    ("block above", "# maasc: ignore M301 -- lab\na:\n  # note\n\n  b: X\n  c: Y\nd: 1\n", "lab", "lab"),
    ("block ends", "z:\n  # maasc: ignore M301 -- lab\n  a:\n    b: X\n  c: Y\n", "lab", nil),
    ("sequence at its key's column", "# maasc: ignore M301 -- lab\na:\n- X\n- 2\nb: Y\n", "lab", nil),
    ("one item", "a:\n# maasc: ignore M301 -- lab\n- X\n- Y\n", "lab", nil),
    ("flow over lines", "# maasc: ignore M301 -- lab\na: [\n  X\n]\nb: Y\n", "lab", nil),
    ("more comments between", "# maasc: ignore M301 -- lab\n# why\n\na: X\nb: Y\n", "lab", nil),
    ("CRLF", "# maasc: ignore M301 -- lab\r\na: X\r\nb: Y\r\n", "lab", nil),
    ("tab before", "a: X\t# maasc: ignore M301 -- lab\n", "lab", nil),
    ("no comment without blank", "a: X# maasc: ignore M301 -- lab\n", nil, nil),
    ("the nearest reason", "# maasc: ignore M301 -- outer\na: X # maasc: ignore M301 -- inner\n", "inner", nil),
  ])
  func covers(name: String, text: String, atX: String?, atY: String?) {
    let source = Marked(text)
    let found = outcome(source, [unwise(301, source.span("X")), unwise(301, source.span("Y"))]).reasons
    #expect(found == [atX, text.contains("Y") ? atY : nil])
  }

  @Test func isNoCommentInsideAScalar() {
    let source = Marked("a: |\n  # maasc: ignore M301 -- lab\nb: 'x # maasc: ignore M301 -- lab' X\n")
    let scalars = [source.span("  # maasc: ignore M301 -- lab\n"), source.span("'x # maasc: ignore M301 -- lab'")]
    let found = outcome(source, [unwise(301, source.span("X"))], scalars: scalars)
    #expect(found.reasons == [nil])
    #expect(found.remarks.isEmpty)
  }

  @Test(arguments: [
    ("a: X # maasc: ignore M304 -- lab\n", "M304", "M304 finds nothing here to suppress"),
    ("a: X # maasc: ignore M301\n", "# maasc: ignore M301", "a suppression without a reason suppresses nothing"),
    ("a: X # maasc: ignore M301 --\n", "# maasc: ignore M301 --", "a suppression without a reason suppresses nothing"),
    ("a: X # maasc: ignore M301 - lab\n", "# maasc: ignore M301 - lab", "a suppression without a reason suppresses nothing"),
    ("a: X # maasc: ignore -- lab\n", "# maasc: ignore -- lab", "a suppression that names no rule"),
    ("a: X # maasc: ignroe M301 -- lab\n", "# maasc: ignroe M301 -- lab", "a comment to maasc that does not begin with ignore"),
    ("a: X # maasc: ignore M399 -- lab\n", "M399", "M399 is the id of no rule"),
    ("a: X # maasc: ignore vm-host -- lab\n", "vm-host", "vm-host is the id of no rule"),
    ("a: X # maasc: ignore M101 -- lab\n", "M101", "M101 cannot be suppressed here: what it found would not work"),
  ])
  func reportsAWrongComment(text: String, place: String, message: String) {
    let source = Marked(text)
    let found = outcome(source, [unwise(301, source.span("X")), .error(101, at: source.span("X"))])
    #expect(found.reasons == [nil, nil])
    #expect(found.remarks.map(\.message) == [message])
    #expect(found.remarks.first?.primary.span == source.span(place))
    #expect(found.remarks.first?.rule == RuleID(109))
    #expect(found.remarks.first?.severity == .warning)
  }

  @Test func suggestsTheRuleThatWasMeant() {
    let source = Marked("a: X # maasc: ignore M3O1 -- lab\n")
    #expect(outcome(source, []).remarks.first?.help == "a rule with a similar id exists: M301")
  }

  @Test func isSilentAboutUselessCommentsAfterAReadingError() {
    let source = Marked("a: X # maasc: ignore M304 -- lab\n")
    #expect(outcome(source, [], isComplete: false).remarks.isEmpty)
  }

  @Test(arguments: [
    ("a: X # maasc: ignore M304 -- lab\nb: 1\n", "a: X\nb: 1\n"),
    ("a: X\n  # maasc: ignore M304 -- lab\nb: 1\n", "a: X\nb: 1\n"),
    ("a: X\r\n# maasc: ignore M304 -- lab\r\nb: 1\r\n", "a: X\r\nb: 1\r\n"),
    ("a: X # maasc: ignore M301, M304 -- lab\n", "a: X # maasc: ignore M301 -- lab\n"),
    ("a: X # maasc: ignore M304, M301 -- lab\n", "a: X # maasc: ignore M301 -- lab\n"),
    ("a: X # maasc: ignore M304 -- lab", "a: X"),
  ])
  func removesWhatIsUseless(text: String, fixed: String) {
    let source = Marked(text)
    let remarks = outcome(source, [unwise(301, source.span("X"))]).remarks
    let result = applyFixes(remarks, in: source.sources)
    #expect(result.files.map { String(decoding: $0.new, as: UTF8.self) } == [fixed])
  }
}
