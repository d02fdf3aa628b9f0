import Diagnostics
import Testing

/// The values come from the definition itself (a sum of powers over 100 units from each line's start), not from a rolling hash.
@Suite struct LineHashTests {
  @Test(arguments: [
    ("", ["c129715d7a2bc9a3:1"]),
    (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
    (
      " hello; \t\r\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
      [
        "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1",
        "c129715d7a2bc9a3:1",
      ]
    ),
    ("\u{FEFF}a: 日本 👩‍👩‍👧\nb: 1\n", ["b444c4f2689a35a1:1", "c9e1e35156b45736:1", "c129715d7a2bc9a3:1"]),
    (
      String(repeating: "Lorem ipsum dolor sit amet.\n", count: 10),
      (1...6).map { "a7f2ff13bc495cf2:\($0)" } + [
        "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1",
      ]
    ),
    (
      String(repeating: "x", count: 99) + "\n" + String(repeating: "x", count: 101) + "\n",
      ["52b56201ffb585b2:1", "52b56201ffb58620:1", "c129715d7a2bc9a3:1"]
    ),
  ])
  func followsGitHubsDefinition(text: String, hashes: [String]) throws {
    let source = Marked(text)
    let starts = lineStarts(source.file.bytes)
    let findings = starts.map { Diagnostic.error(at: Span(UInt32($0), UInt32($0))) }
    let report = finalize(findings, in: source.sources)
    let sarif = try JSON(parsing: Array(render(report, as: .sarif, rules: [], options: ReportOptions(toolVersion: "1")).utf8))
    let results = sarif["runs"]?.array?.first?["results"]?.array ?? []
    #expect(results.compactMap { $0["partialFingerprints"]?["primaryLocationLineHash"]?.string } == hashes)
  }

  private func lineStarts(_ bytes: [UInt8]) -> [Int] {
    [0] + bytes.indices.filter { bytes[$0] == 0x0A || (bytes[$0] == 0x0D && (bytes[($0 + 1)...].first != 0x0A)) }.map { $0 + 1 }
  }
}
