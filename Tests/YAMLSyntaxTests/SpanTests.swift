import Diagnostics
import TestSupport
import Testing
import YAMLSyntax

/// Every value's span is exactly its text in the file, wherever libyaml's own marks are something else.
@Suite struct SpanTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var yaml: String
    /// The bytes of each node in the order of the tree, mappings and sequences included.
    var nodes: [String]
  }

  static let cases = [
    Case(
      testDescription: "flow mapping", yaml: "a: {b: 1, c: [x, y]}\n",
      nodes: ["a: {b: 1, c: [x, y]}", "a", "{b: 1, c: [x, y]}", "b", "1", "c", "[x, y]", "x", "y"]),
    Case(
      testDescription: "block collections end with their last child", yaml: "a:\n  b: 1\n  c:\n    - x\n\n# later\nd: 2\n",
      nodes: [
        "a:\n  b: 1\n  c:\n    - x\n\n# later\nd: 2", "a", "b: 1\n  c:\n    - x", "b", "1", "c", "- x", "x", "d", "2",
      ]),
    Case(testDescription: "quotes belong to the span", yaml: "a: \"x\"\nb: 'y'\n", nodes: ["a: \"x\"\nb: 'y'", "a", "\"x\"", "b", "'y'"]),
    Case(testDescription: "text after CJK and emoji", yaml: "名: 日本語\nb: 👩‍🚒\nc: é\n", nodes: ["名: 日本語\nb: 👩‍🚒\nc: é", "名", "日本語", "b", "👩‍🚒", "c", "é"]),
    Case(testDescription: "literal scalar", yaml: "a: |\n  x\n  y\n\nb: 1\n", nodes: ["a: |\n  x\n  y\n\nb: 1", "a", "|\n  x\n  y", "b", "1"]),
    Case(testDescription: "empty value just after the colon", yaml: "a:\nb: 1\n", nodes: ["a:\nb: 1", "a", "", "b", "1"]),
    Case(
      testDescription: "anchors are not part of values", yaml: "a: &x {k: 1}\nb: &y v\nc: *x\n",
      nodes: [
        "a: &x {k: 1}\nb: &y v\nc: *x", "a", "{k: 1}", "k", "1", "b", "v", "c", "*x",
      ]),
    Case(testDescription: "anchor on a block mapping", yaml: "a: &x\n  k: 1\n", nodes: ["a: &x\n  k: 1", "a", "k: 1", "k", "1"]),
    Case(testDescription: "CRLF", yaml: "a: 1\r\nb:\r\n  c: 2\r\n", nodes: ["a: 1\r\nb:\r\n  c: 2", "a", "1", "b", "c: 2", "c", "2"]),
  ]

  @Test(arguments: cases) func nodesHaveTheirOwnBytes(_ example: Case) throws {
    let result = read(example.yaml)
    let tree = try #require(result.tree)
    #expect(tree.nodeSpans.map { result.file.text($0) } == example.nodes)
  }

  @Test(arguments: cases) func aByteOrderMarkChangesNothing(_ example: Case) throws {
    let result = read("\u{FEFF}" + example.yaml)
    let tree = try #require(result.tree)
    #expect(tree.nodeSpans.map { result.file.text($0) } == example.nodes)
  }
}
