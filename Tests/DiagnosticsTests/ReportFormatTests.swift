import Diagnostics
import Foundation
import Testing

@Suite struct ReportFormatTests {
  static let rules = [
    RuleDescription(
      id: RuleID(105), name: "bad-value", severity: .error, summary: "a scalar that its type cannot read",
      why: "**Why.** `10.0.0.300` is no address.", helpText: "10.0.0.300 is no address."),
    RuleDescription(
      id: RuleID(301), name: "rack-vm-host-colocation", severity: .error, summary: "a rack and a VM host on one machine",
      why: String(repeating: "long ", count: 400), helpText: String(repeating: "日本 ", count: 600)),
    RuleDescription(id: RuleID(304), name: "single-region", severity: .warning, summary: "one region", why: "Why.", helpText: "Why."),
  ]

  /// Findings with all that the formats must cope with.
  static func hardReport(extra: Int = 0) -> FindingsReport {
    var source = Marked("\u{FEFF}名: 日本 X\r\nbase: &b {port: Y}\r\nhost: *b\r\nlist:\r\n  - Z\r\n", path: "./dir with space/t:1,é.yaml")
    let shift = source.sources.expand(source.span("{port: Y}"), through: source.span("*b"))
    let value = source.span("Y")
    var hard = Diagnostic.error(105, "no \"port\" & <none> %0A\n::error::\u{1B}[31m \u{0}\u{FFFE}", at: source.span("X"), "here ]]>")
    hard.secondary = [Label(source.span("list"), "[a](b)"), Label(source.span("Z"))]
    hard.notes = ["first\nsecond", "100 % of 👩‍👩‍👧"]
    hard.help = "write 1"
    hard.fix = [TextEdit(source.span("X"), "1"), TextEdit(source.span("list:\r\n"), "")]
    let aliased = Diagnostic.error(at: Span(value.lower &+ shift, value.upper &+ shift))
    let everywhere = Diagnostic(RuleID(304), .warning, nature: .unwise, "one region", at: .none)
    var suppressed = Diagnostic(RuleID(301), .error, nature: .unwise, "a rack | VM host", at: source.span("Z"))
    suppressed.suppression = "lab <1>"
    let many = (0..<extra).map { Diagnostic(RuleID(304), .hint, nature: .unwise, "hint \($0)", at: source.span("list")) }
    return finalize([hard, hard, aliased, everywhere, suppressed] + many, in: source.sources, followOn: 2, limit: 20)
  }

  static let options = ReportOptions(toolVersion: "1.0.0")

  enum Sample: String, CaseIterable {
    case hard, cut, clean

    var report: FindingsReport {
      switch self {
      case .hard: hardReport()
      case .cut: hardReport(extra: 30)
      case .clean: finalize([], in: Marked("a: 1\n").sources)
      }
    }
  }

  @Test(arguments: ReportFormat.allCases.filter { $0 != .text }, Sample.allCases)
  func passesAnIndependentReader(format: ReportFormat, sample: Sample) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
    let schema = root.appending(path: "schemas/findings-v1.schema.json")
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try render(sample.report, as: format, rules: Self.rules, options: Self.options).write(to: file, atomically: true, encoding: .utf8)
    #expect(try run(["python3", "Tests/Tools/validate_reports.py", format.rawValue, file.path(), schema.path()], in: root) == "")
  }

  @Test func countsUTF16InSARIFAndCellsInText() {
    let source = Marked("名: 日本 👩‍👩‍👧 X\n")
    let report = source.report(.error(at: source.span("X")))
    let sarif = render(report, as: .sarif, rules: Self.rules, options: Self.options)
    #expect(sarif.contains("\"startColumn\": 16,"))
    #expect(sarif.contains("\"endColumn\": 17"))
    #expect(sarif.contains("\"columnKind\": \"utf16CodeUnits\""))
    #expect(render(report, as: .text, rules: [], options: Self.options).contains("t.yaml:1:16\n  |\n1 | 名: 日本 👩‍👩‍👧 X\n  |             ^\n"))
  }

  @Test(arguments: [
    ("a.yaml", "a.yaml"), ("./a.yaml", "a.yaml"), ("../a.yaml", "a.yaml"), ("/repo/x/a.yaml", "x/a.yaml"), ("b/../c d.yaml", "sites/c%20d.yaml"),
    ("é.yaml", "%C3%A9.yaml"), ("/elsewhere/a.yaml", "file:///elsewhere/a.yaml"), ("a%b:c.yaml", "sites/a%25b%3Ac.yaml"),
  ])
  func makesURIsRelative(path: String, uri: String) {
    let below = uri.hasPrefix("sites/") || path.hasPrefix("..")
    #expect(RelativePaths(root: "/repo", directory: below ? "sites" : "").uri(path) == uri)
  }

  @Test(arguments: [
    (["a.yaml"], "maasc/a.yaml/"), (["sites/a.yaml", "sites/b.yaml"], "maasc/sites/"), (["a/x.yaml", "b/x.yaml"], "maasc/"),
    (["sites/é.yaml"], "maasc/sites/%C3%A9.yaml/"),
  ])
  func aRunIsToldFromItsNeighbours(paths: [String], id: String) throws {
    var sources = SourceMap()
    for path in paths { _ = sources.add(path: path, bytes: Array("a: 1\n".utf8)) }
    let text = render(finalize([], in: sources), as: .sarif, rules: Self.rules, options: Self.options)
    let sarif = try JSON(parsing: Array(text.utf8))
    #expect(sarif["runs"]?.array?.first?["automationDetails"] == ["id": .string(id)])
  }

  @Test func sarifShowsSuppressionsAndFixes() throws {
    let sarif = try JSON(parsing: Array(render(Self.hardReport(), as: .sarif, rules: Self.rules, options: Self.options).utf8))
    let results = try #require(sarif["runs"]?.array?.first?["results"]?.array)
    let suppressed = try #require(results.first { $0["ruleId"] == "M301" })
    #expect(suppressed["suppressions"] == [["kind": "inSource", "justification": "lab <1>"]])
    #expect(results.allSatisfy { $0["suppressions"] != nil })
    let fix = try #require(results.first?["fixes"]?.array?.first)
    #expect(
      fix["artifactChanges"]?.array?.map { $0["replacements"] } == [
        [
          ["deletedRegion": ["startLine": 1, "startColumn": 7, "endLine": 1, "endColumn": 8], "insertedContent": ["text": "1"]],
          ["deletedRegion": ["startLine": 4, "startColumn": 1, "endLine": 5, "endColumn": 1], "insertedContent": ["text": ""]],
        ]
      ])
  }

  @Test func githubGivesTheWorstTenAndCountsTheRest() {
    let source = Marked((1...30).map { "k\($0): v\n" }.joined())
    let findings = (1...30).map { line in
      Diagnostic(RuleID(304), line > 25 ? .error : .warning, nature: .unwise, "number \(line)", at: source.span("k\(line):"))
    }
    let lines = render(finalize(findings, in: source.sources), as: .github, rules: Self.rules, options: Self.options).split(separator: "\n")
    #expect(lines.prefix(5).allSatisfy { $0.hasPrefix("::error ") })
    #expect(lines[0] == "::error file=t.yaml,line=26,endLine=26,col=1,endColumn=5,title=M304 single-region::number 26")
    #expect(lines[5] == "::warning file=t.yaml,line=1,endLine=1,col=1,endColumn=4,title=M304 single-region::number 1")
    #expect(lines[10] == "::notice title=maasc::20 more findings, see the step summary")
    #expect(lines[11] == "5 errors, 25 warnings in 1 file")
    #expect(lines.count == 12)
  }

  @Test func stepSummaryIsATableWithinItsLimit() {
    let summary = githubStepSummary(Self.hardReport(), options: Self.options)
    #expect(summary.contains("| warning | M304 |  | one region |\n"))
    #expect(summary.split(separator: "\n").filter { $0.hasPrefix("| error | M105 |") }.count == 2)
    let source = Marked("a: 1\n")
    let many = (0..<9_000).map { Diagnostic.error(105, String(repeating: "x", count: 200) + "\($0)", at: source.span("1")) }
    let long = githubStepSummary(finalize(many, in: source.sources, limit: nil), options: Self.options)
    #expect(long.utf8.count < 1 << 20)
    #expect(long.hasSuffix("more findings are not shown.\n"))
  }
}
