import Diagnostics
import TestSupport
import Testing
import YAMLSyntax

/// The commonest mistakes, each in our own words and at the right place.
@Suite struct SyntaxErrorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var yaml: String
    var finding: String
    var testDescription: String { finding }
  }

  static let cases = [
    Case(yaml: "a:\n\tb: 1\n", finding: "2:1 M101 a tab is used for indentation, YAML allows only spaces"),
    Case(yaml: "a: @b\n", finding: "1:4 M101 a value may not begin with '@'"),
    Case(yaml: "a: `b`\n", finding: "1:4 M101 a value may not begin with '`'"),
    Case(yaml: "a: %b\n", finding: "1:4 M101 a value may not begin with '%'"),
    Case(yaml: "a: b: c\n", finding: "1:5 M101 a second ': ' on this line begins a mapping where a value was begun"),
    Case(yaml: "a: 1\n  b: 2\n", finding: "2:4 M101 a key may not begin here: the line above it is still a value, or this line is indented too far"),
    Case(yaml: "a: \"b\nc: \"d\"\n", finding: "1:4 M101 the quote that begins here ends only some lines below"),
    Case(yaml: "a: 2001:db8::\n", finding: "1:4 M101 an IPv6 address that begins or ends with '::' must be quoted"),
    Case(yaml: "a: [1, 2\nb: 3\n", finding: "2:1 M101 ',' or ']' is missing before this"),
    Case(yaml: "a: {b: 1\n", finding: "2:1 M101 the file ends before '}'"),
    Case(yaml: "a: \"x\nb: 1\n", finding: "1:4 M101 the quote \" is never closed"),
    Case(yaml: "a: 'x\n", finding: "1:4 M101 the quote ' is never closed"),
    Case(yaml: "a: \"\\d\"\n", finding: "1:5 M101 '\\d' is no escape in a double-quoted value"),
    Case(yaml: "a: 1\nb\nc: 2\n", finding: "2:1 M101 'b' is no key: a colon and a space are missing after it"),
    Case(
      yaml: "a:\n  - 1\n b: 2\n",
      finding: "3:2 M101 a key is wanted here: the line is indented less than its neighbours, or follows a value that is complete"),
    Case(yaml: "a: *x\n", finding: "1:4 M101 the anchor of *x is not defined before it is used"),
    Case(yaml: "a: &x [*x]\n", finding: "1:8 M101 *x stands inside the value that &x names, so it would never end"),
    Case(yaml: "a: !vault b\n", finding: "1:4 M101 the tag !vault means nothing here"),
    Case(yaml: "a: !!python/name:os b\n", finding: "1:4 M101 the tag !!python/name:os means nothing here"),
    Case(yaml: "a: !x!y b\n", finding: "1:4 M101 '!' begins a tag, which means nothing here"),
    Case(yaml: "a: !<tag b\n", finding: "1:9 M101 '!' begins a tag, which means nothing here"),
    Case(yaml: "a: 1\nb:2\nc: 3\n", finding: "2:1 M101 a space is missing after the colon of 'b'"),
    Case(yaml: "a: 1\nb:\u{A0}2\nc: 3\n", finding: "2:1 M101 a no-break space stands after the colon of 'b', which YAML takes for a letter"),
    Case(yaml: "a: 1\n\t\nb:\n  c: 1\n", finding: "2:1 M101 a tab is used for indentation, YAML allows only spaces"),
    Case(yaml: "%YAML 2.0\n---\na: 1\n", finding: "1:1 M101 the file says that it is of a YAML other than 1.x"),
    Case(yaml: "%FOO\n---\na: 1\n", finding: "1:5 M101 a line that begins with '%' is a directive of YAML, and this one means nothing"),
    Case(yaml: "a: \"\\uD800\"\n", finding: "1:7 M101 this escape names no character"),
    Case(yaml: "a: \"\\xzz\"\n", finding: "1:7 M101 this escape names no character"),
    Case(yaml: "a: \"x\n---\nb\"\n", finding: "2:1 M101 the document ends here, in the middle of a quoted value"),
    Case(yaml: "a: |x\n  y\n", finding: "1:5 M101 after '|' or '>' the text begins on the next line"),
    Case(yaml: "a: * \n", finding: "1:5 M101 '*' begins an alias, and a name is missing after it"),
    Case(yaml: "a: - b\n", finding: "1:4 M101 a list item may not begin here"),
    Case(yaml: "a: 1\n---\nb: 2\n", finding: "2:1 M107 a second document begins here, a topology is one document"),
    Case(yaml: "a: \u{1}\n", finding: "1:4 M101 a control character (0x1) stands in the file"),
  ]

  @Test(arguments: cases) func isExplained(_ example: Case) {
    #expect(read(example.yaml).lines == [example.finding])
  }

  @Test func otherEncodingsAreNamed() {
    #expect(read(bytes: [0x61, 0x3A, 0x20, 0xFF]).lines == ["1:4 M101 the byte 0xFF is not UTF-8"])
    #expect(read(bytes: [0xFF, 0xFE, 0x61, 0]).lines == ["1:1 M101 the file is UTF-16, a topology is UTF-8"])
    // An overlong form, a surrogate, a cut sequence, a byte past U+10FFFF.
    for bad: [UInt8] in [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE6, 0x97], [0xF4, 0x90, 0x80, 0x80]] {
      #expect(read(bytes: Array("a: ".utf8) + bad).diagnostics.map(\.rule) == [RuleID(101)])
    }
  }

  @Test func limitsAreErrorsNotCrashes() {
    #expect(read(String(repeating: "[", count: 20_000)).diagnostics.map(\.rule) == [RuleID(107)])
    #expect(read(String(repeating: "{a: ", count: 20_000)).diagnostics.map(\.rule) == [RuleID(107)])
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 { bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n" }
    #expect(read(bomb).diagnostics.map(\.rule) == [RuleID(107)])
    #expect(read(bytes: Array(repeating: 32, count: Limits.fileSize + 1)).diagnostics.map(\.rule) == [RuleID(107)])
  }

  @Test func everyDuplicateIsReportedWithTheFirst() {
    let result = read("a: 1\nb: {c: 1, c: 2}\na: 2\n\"a\": 3\n")
    #expect(
      result.lines.filter { $0.contains("M102") } == [
        "2:11 M102 the key 'c' stands twice in this mapping", "3:1 M102 the key 'a' stands twice in this mapping",
        "4:1 M102 the key 'a' stands twice in this mapping",
      ])
    let many = (0..<40).map { "k\($0): 1\n" }.joined() + "k7: 2\n"
    #expect(read(many).lines.filter { $0.contains("M102") } == ["41:1 M102 the key 'k7' stands twice in this mapping"])
    #expect(
      read("a: &x {k: 1}\nb: {<<: *x, k: 2}\nc: {<<: *x, <<: *x}\n").lines.filter { $0.contains("M102") } == [
        "3:13 M102 a second merge key in one mapping"
      ])
  }
}
