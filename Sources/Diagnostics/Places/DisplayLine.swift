/// One line of a file as it is printed: tabs as spaces, control characters as signs, a long line cut around what is marked in it.
///
/// Nothing from a file reaches a terminal as a control sequence, and no invisible or direction-changing character stays unseen.
struct DisplayLine {
  private(set) var text = ""
  /// For each printed character the offset of its first byte and its cell; the last entry stands for the end.
  private var marks: [(offset: Int, cell: Int)] = []
  /// The first byte of a line that is printed as it stands, a cell for each byte: what most lines are.
  private var plain: Int?

  private static let ellipsis = "..."

  /// `focus` are the bytes that must be seen, as far as `width` cells allow; the text never takes more.
  init(_ bytes: [UInt8], line: Range<Int>, focus: Range<Int>, width: Int) {
    if line.count <= width, bytes[line].allSatisfy({ (0x20...0x7E).contains($0) }) {
      (text, plain) = (String(decoding: bytes[line], as: UTF8.self), line.lowerBound)
      return
    }
    let start = Self.start(bytes, line, focus, width)
    let end = Self.forward(start, bytes, line, width)
    let pieces = Self.pieces(bytes[start..<end])
    var cell = 0
    if start > line.lowerBound { append(Self.ellipsis, Self.ellipsis.count, &cell) }
    let isWhole = end == line.upperBound && cell + pieces.cells <= width
    var offset = start
    for piece in pieces where isWhole || cell + piece.cells <= width - Self.ellipsis.count {
      marks.append((offset, cell))
      append(piece.shown, piece.cells, &cell)
      offset += piece.bytes
    }
    marks.append((offset, cell))
    if offset < line.upperBound { append(Self.ellipsis, Self.ellipsis.count, &cell) }
  }

  /// The cell, from 0, of the character at this offset.
  func cell(at offset: Int) -> Int {
    if let plain { return min(max(0, offset - plain), text.utf8.count) }
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : marks[low - 1].cell
  }

  private mutating func append(_ shown: String, _ cells: Int, _ cell: inout Int) {
    text += shown
    cell += cells
  }
}

// MARK: What is cut

extension DisplayLine {
  /// Where the text begins: with the line, if the focus can be seen then; else a third of the width stays for what stands before it, and more
  /// where the line ends soon.
  private static func start(_ bytes: [UInt8], _ line: Range<Int>, _ focus: Range<Int>, _ width: Int) -> Int {
    let first = boundary(max(line.lowerBound, focus.lowerBound - reach(width)), bytes, line)
    let before = pieces(bytes[first..<focus.lowerBound])
    let end = forward(focus.lowerBound, bytes, line, width)
    let after = end == line.upperBound ? pieces(bytes[focus.lowerBound..<end]).cells : width
    if first == line.lowerBound {
      let focused = min(pieces(bytes[focus.lowerBound..<min(focus.upperBound, end)]).cells, width / 2)
      if before.cells + after <= width || before.cells + focused + ellipsis.count <= width { return first }
    }
    var (start, room) = (focus.lowerBound, max(width / 3, width - ellipsis.count - after))
    for piece in before.reversed() {
      room -= piece.cells
      guard room >= 0 else { break }
      start -= piece.bytes
    }
    return start
  }

  /// The bytes that are looked at: a character has at most some dozen (joined emoji); what is cut is decided by its cells.
  private static func reach(_ width: Int) -> Int { 16 * width }

  private static func forward(_ start: Int, _ bytes: [UInt8], _ line: Range<Int>, _ width: Int) -> Int {
    boundary(min(line.upperBound, start + reach(width)), bytes, line)
  }

  /// The nearest place before `position` that is not inside of a scalar.
  private static func boundary(_ position: Int, _ bytes: [UInt8], _ line: Range<Int>) -> Int {
    var position = position
    while position > line.lowerBound, position < line.upperBound, bytes[position] & 0xC0 == 0x80 { position -= 1 }
    return position
  }

  /// A character as it is shown, its cells, and the bytes that it takes in the file.
  fileprivate struct Piece {
    let shown: String
    let cells: Int
    let bytes: Int

    init(_ character: Character, bytes: Int) {
      shown = visible(character, tab: "    ")
      cells = DisplayWidth.cells(shown)
      self.bytes = bytes
    }
  }

  /// A byte that is not UTF-8 is a character of its own.
  private static func pieces(_ bytes: ArraySlice<UInt8>) -> [Piece] {
    if let text = String(validating: bytes, as: UTF8.self) { return text.map { Piece($0, bytes: $0.utf8.count) } }
    return bytes.map { Piece($0 < 0x80 ? Character(Unicode.Scalar($0)) : "\u{FFFD}", bytes: 1) }
  }
}

extension [DisplayLine.Piece] {
  fileprivate var cells: Int { reduce(0) { $0 + $1.cells } }
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
