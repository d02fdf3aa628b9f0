/// A comment `# maasc: ignore M301, M305 -- reason`, as it stands in a file.
package struct SuppressionComment: Hashable, Sendable {
  /// A rule id as written, with the id that it reads as.
  struct Item: Hashable, Sendable {
    var span: Span
    var text: String
    var rule: RuleID?
  }

  enum Defect: Hashable, Sendable {
    case unknownWord, noRule, noReason
  }

  /// From the `#` to the end of the line.
  let span: Span
  let items: [Item]
  let reason: String
  let defect: Defect?
  /// Where a primary span must begin to be covered: the comment's own line, or the block below a comment that stands alone.
  let covered: Span
}

extension SuppressionComment {
  /// All comments that speak to this compiler, in file order. `isInScalar` tells whether a byte belongs to a scalar's text:
  /// there it is no comment, whatever it looks like. It is asked only for bytes that look like the beginning of one.
  package static func all(in file: SourceFile, isInScalar: (UInt32) -> Bool) -> [SuppressionComment] {
    let starts = commentStarts(file.bytes).filter { !isInScalar(file.base + UInt32($0)) }
    guard !starts.isEmpty else { return [] }
    let lines = LineTable(file)
    return starts.map { SuppressionComment(at: $0, file, lines) }
  }

  /// The offsets of `#`, at the start of a line or after a blank, with `maasc:` after it.
  private static func commentStarts(_ bytes: [UInt8]) -> [Int] {
    var starts: [Int] = []
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "#") {
      guard offset == 0 || isBlank(bytes[offset - 1]) || isLineEnd(bytes[offset - 1]) else { continue }
      let word = bytes[(offset + 1)...].drop(while: isBlank)
      if word.starts(with: "maasc:".utf8) { starts.append(offset) }
    }
    return starts
  }

  private init(at start: Int, _ file: SourceFile, _ lines: LineTable) {
    let line = lines.line(at: start)
    let range = lines.range(ofLine: line)
    var scanner = CommentScanner(bytes: file.bytes, base: file.base, offset: start, end: range.upperBound)
    scanner.skipHead()
    let isIgnore = scanner.takeWord() == "ignore"
    items = isIgnore ? scanner.takeItems() : []
    reason = scanner.takeReason()
    defect = !isIgnore ? .unknownWord : items.isEmpty ? .noRule : reason.isEmpty ? .noReason : nil
    span = Span(file.base + UInt32(start), file.base + UInt32(range.upperBound))
    let isAlone = file.bytes[range.lowerBound..<start].allSatisfy(isBlank)
    let covers = isAlone ? Block.below(line, file.bytes, lines) : range
    covered = Span(file.base + UInt32(covers.lowerBound), file.base + UInt32(covers.upperBound))
  }
}

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

/// Reads one comment from its `#` to the end of its line.
private struct CommentScanner {
  let bytes: [UInt8]
  let base: UInt32
  var offset: Int
  let end: Int

  mutating func skipHead() {
    offset += 1
    skip(while: isBlank)
    offset += "maasc:".utf8.count
    skip(while: isBlank)
  }

  /// Up to a blank or a comma.
  mutating func takeWord() -> String {
    let start = offset
    skip { !isBlank($0) && $0 != UInt8(ascii: ",") }
    return text(start..<offset)
  }

  mutating func takeItems() -> [SuppressionComment.Item] {
    var items: [SuppressionComment.Item] = []
    while true {
      skip { isBlank($0) || $0 == UInt8(ascii: ",") }
      guard offset < end, !isAtReason else { return items }
      let start = offset
      let word = takeWord()
      items.append(SuppressionComment.Item(span: Span(base + UInt32(start), base + UInt32(offset)), text: word, rule: RuleID(text: word)))
    }
  }

  /// What stands after `--`; empty without it.
  mutating func takeReason() -> String {
    guard isAtReason else { return "" }
    offset += 2
    skip(while: isBlank)
    var last = end
    while last > offset, isBlank(bytes[last - 1]) { last -= 1 }
    return text(offset..<last)
  }

  private var isAtReason: Bool { bytes[offset..<end].starts(with: "--".utf8) }

  private mutating func skip(while condition: (UInt8) -> Bool) {
    while offset < end, condition(bytes[offset]) { offset += 1 }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
