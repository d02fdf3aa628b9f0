import Diagnostics
import Formats
import TestSupport
import Testing

@Suite struct MarkupTests {
  private func python(_ program: String, _ input: String) throws -> JSON {
    let result = try run(try find("python3", package: "python3"), ["-c", program], input: Array(input.utf8))
    try #require(result.status == 0, "\(result.errors)")
    return try JSON(parsing: result.output)
  }

  @Test func pythonGetsBackEveryRow() throws {
    var hostile = HostileText(seed: 4)
    let rows = (0..<150).map { _ in hostile.next(3) + ["end"] }
    let program = """
      import csv, io, json, sys
      text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
      json.dump(list(csv.reader(text, strict=True)), sys.stdout)
      """
    let loaded = try python(program, rows.map { CSV.row($0) + "\n" }.joined())
    #expect(loaded.array?.map { $0.array?.compactMap(\.string) } == rows)
  }

  @Test func anHTMLReaderGetsBackEveryText() throws {
    var hostile = HostileText(seed: 5)
    // A reader of HTML turns every line end into a line feed; that is no matter of escaping.
    let texts = hostile.next(300).filter { !$0.unicodeScalars.contains("\r") && !$0.isEmpty } + ["<script>alert(1)</script>", "\"><img src=x>"]
    let program = """
      import html.parser, json, sys
      class Reader(html.parser.HTMLParser):
          found = []
          def handle_starttag(self, tag, attributes):
              self.tag, self.text = (tag, dict(attributes).get("title")), ""
          def handle_data(self, data): self.text += data
          def handle_endtag(self, tag): self.found.append([*self.tag, self.text])
      reader = Reader()
      reader.feed(sys.stdin.buffer.read().decode())
      json.dump(reader.found, sys.stdout)
      """
    let page = texts.map { ("<p title=\"\($0)\">\($0)</p>" as HTML).markup }.joined()
    #expect(try python(program, page).array?.map { $0.array?.compactMap(\.string) } == texts.map { ["p", $0, $0] })
  }

  @Test(arguments: [
    ("a|b", "a\\|b"), ("*no* `code`", "\\*no\\* \\`code\\`"), ("two\nlines", "two lines"), ("<b>", "\\<b\\>"), ("1. x", "1. x"),
  ]) func markdownEscapes(_ text: String, _ wanted: String) {
    #expect(Markdown.escape(text) == wanted)
  }

  @Test(arguments: [("plain", "`plain`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```")]) func codeSpans(_ text: String, _ wanted: String) {
    #expect(Markdown.code(text) == wanted)
  }
}
