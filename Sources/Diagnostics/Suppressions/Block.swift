/// Finds a block of YAML by its indentation: no tree is needed to say what a comment stands above.
enum Block {
  /// The bytes of the entry or item on the first line after `line` that is neither blank nor a comment, with all that is indented
  /// deeper. A sequence at its key's own column, and a closing bracket, belong to it.
  static func below(_ line: Int, _ bytes: [UInt8], _ lines: LineTable) -> Range<Int> {
    var next = line + 1
    while next < lines.count, head(next, bytes, lines) == nil { next += 1 }
    guard next < lines.count, let first = head(next, bytes, lines) else { return bytes.count..<bytes.count }
    let start = lines.range(ofLine: next).lowerBound
    var end = lines.range(ofLine: next).upperBound
    for index in (next + 1)..<max(next + 1, lines.count) {
      guard let head = head(index, bytes, lines) else { continue }
      guard head.belongs(to: first) else { break }
      end = lines.range(ofLine: index).upperBound
    }
    return start..<end
  }

  private struct Head {
    var column: Int
    var byte: UInt8
    var isItem: Bool

    func belongs(to first: Head) -> Bool {
      if column != first.column { return column > first.column }
      let isClosing = byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
      return isClosing || (isItem && !first.isItem)
    }
  }

  /// Nil for a line that is blank or only a comment.
  private static func head(_ line: Int, _ bytes: [UInt8], _ lines: LineTable) -> Head? {
    let range = lines.range(ofLine: line)
    guard let start = range.first(where: { !isBlank(bytes[$0]) }), bytes[start] != UInt8(ascii: "#") else { return nil }
    let isItem = bytes[start] == UInt8(ascii: "-") && (start + 1 == range.upperBound || isBlank(bytes[start + 1]))
    return Head(column: start - range.lowerBound, byte: bytes[start], isItem: isItem)
  }
}
