/// Names places in a block-style YAML file by the keys around them (`maas.regions.infra-1`), from the text alone.
///
/// Such a name stays the same when lines above it come or go. Ask in the order of the file: the whole file is then read once.
struct Outline {
  private let bytes: [UInt8]
  private let lines: LineTable
  private var nextLine = 0
  private var stack: [Entry] = []

  /// A key or item; `level` is twice its column, and one more for an item, which may stand at its key's own column.
  private struct Entry {
    var level: Int
    var name: Range<Int>
  }

  init(_ file: SourceFile, _ lines: LineTable) {
    bytes = file.bytes
    self.lines = lines
  }

  mutating func name(at offset: Int) -> String {
    let line = lines.line(at: offset)
    while nextLine <= line {
      read(lines.range(ofLine: nextLine))
      nextLine += 1
    }
    return stack.map { String(decoding: bytes[$0.name], as: UTF8.self) }.joined(separator: ".")
  }

  private mutating func read(_ line: Range<Int>) {
    var start = skipSpaces(line.lowerBound, line.upperBound)
    while start < line.upperBound, bytes[start] == UInt8(ascii: "-"), isBlank(start + 1, line) {
      push(Entry(level: 2 * (start - line.lowerBound) + 1, name: itemName(start, line)))
      start = skipSpaces(start + 1, line.upperBound)
    }
    guard start < line.upperBound, bytes[start] != UInt8(ascii: "#"), let end = keyEnd(start, line) else { return }
    push(Entry(level: 2 * (start - line.lowerBound), name: start..<end))
  }

  private mutating func push(_ entry: Entry) {
    while let last = stack.last, last.level >= entry.level { stack.removeLast() }
    stack.append(entry)
  }

  /// An item has no key: its text stands for it, up to a comment.
  private func itemName(_ start: Int, _ line: Range<Int>) -> Range<Int> {
    var end = start
    while end < line.upperBound, !(bytes[end] == UInt8(ascii: "#") && bytes[end - 1] == UInt8(ascii: " ")) { end += 1 }
    while end > start + 1, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return start..<end
  }

  private func keyEnd(_ start: Int, _ line: Range<Int>) -> Int? {
    guard bytes[start] != UInt8(ascii: "{"), bytes[start] != UInt8(ascii: "[") else { return nil }
    return (start..<line.upperBound).first { bytes[$0] == UInt8(ascii: ":") && isBlank($0 + 1, line) }
  }

  private func isBlank(_ offset: Int, _ line: Range<Int>) -> Bool { offset >= line.upperBound || bytes[offset] == UInt8(ascii: " ") }

  private func skipSpaces(_ offset: Int, _ end: Int) -> Int {
    var offset = offset
    while offset < end, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
    return offset
  }
}
