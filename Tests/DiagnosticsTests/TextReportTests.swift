import Diagnostics
import Testing

@Suite struct TextReportTests {
  @Test func drawsThePrimaryAndEveryOtherCause() {
    let filler = (1...30).map { "# \($0)\n" }.joined()
    let more = (32...53).map { "# \($0)\n" }.joined()
    let source = Marked(filler + "  infra-1: {num_workers: 4}\n" + more + "  max_connections: 100\n", path: "prague.topology.yaml")
    let finding = Diagnostic(
      RuleID(402), .error, "max_connections is below what these regions alone can open", at: source.span("100"), label: "100 connections",
      secondary: [Label(source.span("num_workers: 4"), "50 connections, like infra-2 and infra-3")],
      notes: ["3 regions × 10 × (4 workers + 1) + 3 reserved for superusers = 153 > 100"], help: "set max_connections: 350, or auto")
    #expect(
      source.text(finding) == """
        error[M402]: max_connections is below what these regions alone can open
          --> prague.topology.yaml:54:20
           |
        54 |   max_connections: 100
           |                    ^^^ 100 connections
           |
        31 |   infra-1: {num_workers: 4}
           |             -------------- 50 connections, like infra-2 and infra-3
           = note: 3 regions × 10 × (4 workers + 1) + 3 reserved for superusers = 153 > 100
           = help: set max_connections: 350, or auto
           = explain: maasc explain M402

        1 error in 1 file

        """)
  }

  @Test(arguments: [
    ("tab", "\tport: x\n", 1, 8, "    port: x", "          ^"),
    ("CJK", "a: 日本語 x\n", 1, 8, "a: 日本語 x", "          ^"),
    ("combining mark", "a: e\u{301}e\u{301} x\n", 1, 9, "a: e\u{301}e\u{301} x", "      ^"),
    ("joined emoji", "a: 👩‍👩‍👧 x\n", 1, 13, "a: 👩‍👩‍👧 x", "      ^"),
    ("flag", "a: 🇨🇿 x\n", 1, 9, "a: 🇨🇿 x", "      ^"),
    ("picture form", "a: \u{2764}\u{FE0F} x\n", 1, 7, "a: \u{2764}\u{FE0F} x", "      ^"),
    ("full width", "a: Ａ x\n", 1, 6, "a: Ａ x", "      ^"),
    ("CRLF", "a: 1\r\nb: x\r\n", 2, 4, "b: x", "   ^"),
    ("lone CR", "a: 1\rb: x\r", 2, 4, "b: x", "   ^"),
    ("byte order mark", "\u{FEFF}a: x\n", 1, 4, "a: x", "   ^"),
    ("no line end", "a: x", 1, 4, "a: x", "   ^"),
    ("escape sequence", "a: \u{1B}[31m x\n", 1, 10, "a: \u{241B}[31m x", "         ^"),
    ("direction override", "a: \u{202E} x\n", 1, 6, "a: \u{FFFD} x", "     ^"),
  ])
  func putsTheCaretUnderTheValue(name: String, text: String, line: Int, column: Int, shown: String, caret: String) {
    let source = Marked(text)
    let lines = source.text(.error(at: source.span("x"))).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == " --> t.yaml:\(line):\(column)")
    #expect(lines[3] == "\(line) | \(shown)")
    #expect(lines[4] == "  | \(caret)")
  }

  @Test func underlinesInCells() {
    let source = Marked("名前: 日本\n")
    #expect(source.text(.error(at: source.span("日本"), "no name")).contains("1 | 名前: 日本\n  |       ^^^^ no name\n"))
  }

  @Test func survivesBytesThatAreNotUTF8() {
    let source = Marked(bytes: Array("a: ".utf8) + [0xFF, 0xC3] + Array(" x\n".utf8))
    #expect(source.text(.error(at: source.span("x"))).contains("1 | a: \u{FFFD}\u{FFFD} x\n  |       ^\n"))
  }

  @Test(arguments: [0, 1, 50, 139, 140, 141, 5_000, 9_998])
  func cutsLongLinesAroundTheSpan(before: Int) {
    let source = Marked(String(repeating: "a", count: before) + "XY" + String(repeating: "b", count: 9_998 - before) + "\n")
    let lines = source.text(.error(at: source.span("XY"), "here")).split(separator: "\n")
    let shown = Array(lines[3].dropFirst(4))
    let caret = Array(lines[4].dropFirst(4))
    #expect(shown.count <= 140)
    #expect(lines[1] == " --> t.yaml:1:\(before + 1)")
    let start = caret.firstIndex(of: "^") ?? 0
    #expect(String(shown[start..<(start + 2)]) == "XY")
    #expect(String(caret[start...]) == "^^ here")
    #expect(String(shown).hasSuffix("...") == (before < 9_900))
  }

  /// What fills a line before and behind the value, and the cells of one.
  static let fillers: [(text: String, cells: Int)] = [("a", 1), ("語", 2), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇨🇿", 2), ("\t", 4)]

  @Test(arguments: [40, 60, 80, 200], [0, 1, 5, 20, 38, 60, 79, 500])
  func fitsItselfToTheTerminal(columns: Int, before: Int) throws {
    func cells(_ text: Substring) -> Int {
      text.reduce(0) { sum, character in sum + (Self.fillers.first { $0.text == String(character) }?.cells ?? 1) }
    }
    for (filler, after) in Self.fillers.flatMap({ filler in [0, 3, 400].map { (filler.text, $0) } }) {
      let source = Marked(String(repeating: filler, count: before) + "XY" + String(repeating: filler, count: after) + "\n")
      var finding = Diagnostic.error(
        105, "a message that is longer than a narrow terminal, in words", at: source.span("XY"), "a label of some words, too")
      finding.notes = ["a note about it, which does not fit into one line of sixty cells either\nand has a second line"]
      finding.help = "do something about it, and do it well, before it is three in the morning again"
      let lines = source.text(finding, columns: columns).split(separator: "\n")
      let shown = try #require(lines.first { $0.hasPrefix("1 | ") })
      let marks = try #require(lines.first { $0.hasPrefix("  | ") && $0.contains("^") })
      #expect(lines.allSatisfy { cells($0) <= columns }, "\(filler)\n\(lines.joined(separator: "\n"))")
      #expect(cells(shown.prefix { $0 != "X" }) == cells(marks.prefix { $0 != "^" }), "\(filler)\n\(shown)\n\(marks)")
      #expect(lines.joined(separator: " ").split(separator: " ").filter { $0 != "|" }.joined(separator: " ").contains("a label of some words, too"))
    }
  }

  @Test func putsWordsBelowTheMarksWhereTheyDoNotFit() {
    let source = Marked("  maas_url: http://maas.prg.example.net/MAAS\n")
    let finding = Diagnostic.error(501, "the regions disagree on maas_url", at: source.span("http://maas.prg.example.net/MAAS"), "this region's own")
    #expect(
      source.text(finding, columns: 50) == """
        error[M501]: the regions disagree on maas_url
         --> t.yaml:1:13
          |
        1 |   maas_url: http://maas.prg.example.net/MAAS
          |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |             this region's own
          = explain: maasc explain M501

        1 error in 1 file

        """)
  }

  @Test func drawsSeveralPlacesOfOneLineUnderIt() {
    let source = Marked("range: {from: 10.0.0.9, to: 10.0.0.1}\n")
    var finding = Diagnostic.error(605, "the range is reversed", at: source.span("10.0.0.9"), "begins here")
    finding.secondary = [Label(source.span("10.0.0.1"), "ends here"), Label(source.span("range"))]
    #expect(
      source.text(finding) == """
        error[M605]: the range is reversed
         --> t.yaml:1:15
          |
        1 | range: {from: 10.0.0.9, to: 10.0.0.1}
          |               ^^^^^^^^ begins here
          | -----
          |                             -------- ends here
          = explain: maasc explain M605

        1 error in 1 file

        """)
  }

  @Test func marksWhereASpanOfSeveralLinesEnds() {
    let source = Marked("a:\n  b: 1\n  c: 2\nd: 3\n")
    #expect(source.text(.error(at: source.span("b: 1\n  c: 2\n"), "both")).contains("2 |   b: 1\n  |   ^^^^ both (to line 3)\n"))
    #expect(source.text(.error(at: source.span("b: 1\n"))).contains("2 |   b: 1\n  |   ^^^^\n"))
  }

  @Test func marksAMissingValueAndTheEndOfTheFile() {
    let source = Marked("a:\n")
    #expect(source.text(.error(at: Span(2, 2))).contains("1 | a:\n  |   ^\n"))
    #expect(source.text(.error(at: Span(3, 3))).contains("t.yaml:2:1\n  |\n2 |\n  | ^\n"))
    #expect(Marked("").text(.error(at: Span(0, 0))).contains("t.yaml:1:1\n  |\n1 |\n  | ^\n"))
  }

  @Test func countsWhatItDoesNotDraw() {
    let source = Marked((1...9).map { "k\($0): v\n" }.joined())
    var finding = Diagnostic.error(at: source.span("k1"))
    finding.secondary = (2...8).reversed().map { Label(source.span("k\($0)"), "no \($0)") }
    let text = source.text(finding)
    #expect(text.contains("2 | k2: v\n  | -- no 2\n  |\n3 | k3: v\n  | -- no 3\n  |\n4 | k4: v\n  | -- no 4\n  = and 4 more\n"))
    #expect(!text.contains("k5"))
  }

  @Test func namesAnotherFileInTheFrame() {
    var source = Marked("a: 1\n")
    let other = source.sources.add(path: "other.yaml", bytes: Array("b: 2\n".utf8))
    var finding = Diagnostic.error(at: source.span("1"))
    finding.secondary = [Label(Span(other.base, other.base + 1), "the other")]
    #expect(source.text(finding).contains("1 | a: 1\n  |    ^\n ::: other.yaml:1:1\n  |\n1 | b: 2\n  | - the other\n"))
  }

  @Test func showsTheUseAndTheAnchor() {
    var source = Marked("base: &b {port: x}\nhost: *b\n")
    let shift = source.sources.expand(source.span("{port: x}"), through: source.span("*b"))
    let value = source.span("x")
    let finding = Diagnostic.error(at: Span(value.lower &+ shift, value.upper &+ shift), "no number")
    #expect(
      source.text(finding) == """
        error[M105]: no port
         --> t.yaml:2:7
          |
        2 | host: *b
          |       ^^ no number
          |
        1 | base: &b {port: x}
          |                 - the value comes from the anchor at line 1
          = explain: maasc explain M105

        1 error in 1 file

        """)
  }

  @Test func coloursOnlyWhereAsked() {
    let source = Marked("a: x\n")
    var options = ReportOptions(toolVersion: "1.0.0")
    let report = source.report(.error(at: source.span("x")))
    for format in ReportFormat.allCases { #expect(!render(report, as: format, rules: [], options: options).contains("\u{1B}")) }
    options.isColored = true
    #expect(render(report, as: .text, rules: [], options: options).contains("\u{1B}[1;31merror[M105]\u{1B}[0m"))
    #expect(!render(report, as: .junit, rules: [], options: options).contains("\u{1B}"))
  }

  @Test func placesAFindingOfTheWholeRun() {
    #expect(Marked("a: 1\n").text(.error(304, "one region", at: .none)).hasPrefix("error[M304]: one region\n  = explain: maasc explain M304\n"))
  }

  @Test func keepsTheLinesOfANote() {
    let source = Marked("a: x\n")
    var finding = Diagnostic.error(at: source.span("x"))
    finding.notes = ["first\nsecond"]
    #expect(source.text(finding).contains("  = note: first\n          second\n"))
  }
}
