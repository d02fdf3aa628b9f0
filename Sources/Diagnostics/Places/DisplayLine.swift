/// One line of a file as it is printed: tabs as spaces, control characters as signs, a long line cut around what is marked in it.
///
/// Nothing from a file reaches a terminal as a control sequence, and no invisible or direction-changing character stays unseen.
struct DisplayLine {
  private(set) var text = ""
  /// For each printed character the offset of its first byte and its cell; the last entry stands for the end.
  private var marks: [(offset: Int, cell: Int)] = []

  /// `focus` are the bytes that must be seen, as far as `width` cells allow.
  init(_ bytes: [UInt8], line: Range<Int>, focus: Range<Int>, width: Int) {
    let start = Self.start(bytes, line, focus, width)
    // A character has at most some dozen bytes (joined emoji); what is cut is decided by its cells.
    let window = start..<min(line.upperBound, start + 16 * width)
    var cell = 0
    if start > line.lowerBound { append("...", &cell) }
    var offset = window.lowerBound
    for (character, size) in Self.characters(bytes[window]) {
      guard cell < width else { break }
      marks.append((offset, cell))
      append(visible(character, tab: "    "), &cell)
      offset += size
    }
    marks.append((offset, cell))
    if offset < line.upperBound { append("...", &cell) }
  }

  /// The cell, from 0, of the character at this offset.
  func cell(at offset: Int) -> Int {
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : marks[low - 1].cell
  }

  private mutating func append(_ shown: String, _ cell: inout Int) {
    text += shown
    cell += DisplayWidth.cells(shown)
  }

  /// A third of the width stays for what stands before the focus, and the cut is between two characters.
  private static func start(_ bytes: [UInt8], _ line: Range<Int>, _ focus: Range<Int>, _ width: Int) -> Int {
    let end = min(focus.upperBound, focus.lowerBound + width / 2)
    guard end - line.lowerBound > width else { return line.lowerBound }
    var start = max(line.lowerBound, focus.lowerBound - width / 3)
    while start > line.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// The characters with the bytes that each takes; a byte that is not UTF-8 is a character of its own.
  private static func characters(_ bytes: ArraySlice<UInt8>) -> [(Character, Int)] {
    if let text = String(validating: bytes, as: UTF8.self) { return text.map { ($0, $0.utf8.count) } }
    return bytes.map { ($0 < 0x80 ? Character(Unicode.Scalar($0)) : "\u{FFFD}", 1) }
  }
}

/// Text from a file or a user that is safe to print on one line.
func visible(_ text: String) -> String {
  text.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? text : text.reduce(into: "") { $0 += visible($1, tab: " ") }
}

private func visible(_ character: Character, tab: String) -> String {
  if character == "\t" { return tab }
  var shown = ""
  for scalar in character.unicodeScalars { shown.unicodeScalars.append(visible(scalar)) }
  return shown
}

private func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  switch scalar.value {
  case 0x20...0x7E, 0x200C...0x200D, 0xE0020...0xE007F: return scalar
  // Unicode has a picture for each control character of ASCII.
  case ..<0x20: return Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
  case 0x7F: return "\u{2421}"
  default: break
  }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
  default: return scalar
  }
}
