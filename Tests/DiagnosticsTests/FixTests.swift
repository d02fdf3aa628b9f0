import Diagnostics
import Foundation
import Testing

@Suite struct FixTests {
  private static func finding(_ edits: [TextEdit]) -> Diagnostic {
    Diagnostic(RuleID(105), .error, "wrong", at: edits.first?.span ?? .none, fix: edits)
  }

  @Test(arguments: [
    ("one value", "a: 1\nb: X # keep\nc: 3\n", "X", "2"),
    ("a line away", "a: 1\nX\nc: 3\n", "X\n", ""),
    ("a line more", "a: 1\nX\nc: 3\n", "X\n", "X\nY\n"),
    ("CRLF", "a: 1\r\nb: X\r\nc: 3\r\n", "X", "2"),
    ("no line feed at the end", "a: 1\nb: X", "X", "2"),
    ("a line feed at the end", "a: 1\nb: X", "X", "2\n"),
    ("the last line away", "a: 1\nb: X\n", "b: X\n", ""),
    ("all away", "X\n", "X\n", ""),
    ("byte order mark", "\u{FEFF}a: X\nb: 2\n", "X", "1"),
    ("many lines", String(repeating: "a: 1\n", count: 20) + "X\n" + String(repeating: "b: 1\n", count: 20), "X", "x: 1\ny: 2"),
    ("marks and wide letters", "名: 日本\né: X\n", "X", "👩‍👩‍👧"),
  ])
  func gitAppliesThePatch(name: String, text: String, old: String, new: String) throws {
    let source = Marked(text, path: "dir with space/t.yaml")
    try checkPatch(source, [Self.finding([TextEdit(source.span(old), new)])], expected: text.replacingOccurrences(of: old, with: new))
  }

  @Test func gitAppliesManyHunks() throws {
    let text = (1...200).map { $0 % 9 == 0 ? "X\($0)\n" : "k\($0): v\n" }.joined()
    let source = Marked(text)
    let findings = stride(from: 9, through: 198, by: 9).map { Self.finding([TextEdit(source.span("X\($0)\n"), $0 % 2 == 0 ? "" : "y\nz\n")]) }
    let expected = (1...200).map { $0 % 9 != 0 ? "k\($0): v\n" : $0 % 2 == 0 ? "" : "y\nz\n" }.joined()
    try checkPatch(source, findings, expected: expected)
  }

  /// Edits without a plan: at line ends, over lines, side by side, at both ends of the file.
  @Test(arguments: 1...40) func gitAppliesAnyEdits(seed: UInt64) throws {
    var random = Noise(state: seed)
    let text = (0..<random.next(30)).map { _ in ["a: 1", "", "  b", "日本"][random.next(4)] + ["\n", "\n", "\r\n", "\n\n"][random.next(4)] }.joined()
    let source = Marked(text + ["", "end"][random.next(2)])
    let bytes = source.file.bytes
    var findings: [Diagnostic] = []
    var expected: [UInt8] = []
    var done = 0
    while done < bytes.count, random.next(8) > 0 {
      let lower = min(bytes.count, done + 1 + random.next(20))
      let upper = min(bytes.count, lower + random.next(12))
      let new = ["", "X", "X\n", "\nX\nY"][random.next(4)]
      // Cutting a character in two would make a patch of bytes that are no text.
      guard [lower, upper].allSatisfy({ $0 == bytes.count || bytes[$0] & 0xC0 != 0x80 }) else { continue }
      findings.append(Self.finding([TextEdit(Span(UInt32(lower), UInt32(upper)), new)]))
      expected += bytes[done..<lower] + Array(new.utf8)
      done = upper
    }
    expected += bytes[done...]
    if expected != bytes { try checkPatch(source, findings, expected: String(decoding: expected, as: UTF8.self)) }
  }

  private func checkPatch(_ source: Marked, _ findings: [Diagnostic], expected: String) throws {
    let file = try #require(applyFixes(findings, in: source.sources).files.first)
    #expect(String(decoding: file.new, as: UTF8.self).utf8.elementsEqual(expected.utf8))
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let target = root.appending(path: file.path)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(file.old).write(to: target)
    try Data(unifiedDiff(file, paths: RelativePaths()).utf8).write(to: root.appending(path: "patch"))
    #expect(try run(["git", "apply", "--whitespace=nowarn", "patch"], in: root) == "")
    #expect((try? Data(contentsOf: target)) ?? Data() == Data(expected.utf8))
  }

  @Test func postponesWhatOverlapsAndTakesTheSameEditOnce() {
    let source = Marked("abcdef\n")
    let first = Self.finding([TextEdit(Span(1, 3), "X")])
    let overlapping = Self.finding([TextEdit(Span(5, 6), "Z"), TextEdit(Span(2, 4), "Y")])
    let insertionAtItsEdge = Self.finding([TextEdit(Span(3, 3), "W")])
    let next = Self.finding([TextEdit(Span(3, 4), "V")])
    let result = applyFixes([first, overlapping, insertionAtItsEdge, first, next], in: source.sources)
    #expect(result.files.map { String(decoding: $0.new, as: UTF8.self) } == ["aXVef\n"])
    #expect((result.applied, result.postponed) == (3, 2))
  }

  @Test func leavesSuppressedFindingsAndAliasesAlone() {
    var source = Marked("a: &x 1\nb: *x\n")
    let shift = source.sources.expand(source.span("1"), through: source.span("*x"))
    let value = source.span("1")
    let aliased = Self.finding([TextEdit(Span(value.lower &+ shift, value.upper &+ shift), "2")])
    var suppressed = Self.finding([TextEdit(value, "2")])
    suppressed.suppression = "lab"
    #expect(applyFixes([aliased, suppressed], in: source.sources).files.isEmpty)
  }

  @Test func editsEachFileInItsOwnBytes() {
    var source = Marked("\u{FEFF}a: X\n")
    let other = source.sources.add(path: "u.yaml", bytes: Array("b: X\n".utf8))
    let third = source.sources.add(path: "v.yaml", bytes: Array("c: X\n".utf8))
    let edits = [source.span("X"), Span(third.base + 3, third.base + 4)].map { TextEdit($0, "1") }
    let result = applyFixes([Self.finding(edits)], in: source.sources)
    #expect(result.files.map(\.path) == ["t.yaml", "v.yaml"])
    #expect(result.files.map { String(decoding: $0.new, as: UTF8.self) } == ["\u{FEFF}a: 1\n", "c: 1\n"])
    #expect(other.path == "u.yaml")
  }
}

/// A sequence of numbers that look random and are the same in each run.
struct Noise {
  var state: UInt64

  /// From 0 up to, but not including, `limit`.
  mutating func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}

/// Runs a program that must be there, and returns its standard output and error together.
func run(_ command: [String], in directory: URL) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.currentDirectoryURL = directory
  let output = Pipe()
  process.standardOutput = output
  process.standardError = output
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self) + (process.terminationStatus == 0 ? "" : "exit \(process.terminationStatus)")
}
