/// A place in one file in the numbers that people and editors use. All three count from 1.
package struct Position: Hashable, Sendable {
  package var line: Int
  package var byteColumn: Int
  /// What editors and SARIF count. A byte order mark is no column.
  package var utf16Column: Int
}

/// Turns byte offsets of one file into lines and columns. Built in one pass, and only for a file with a finding.
/// A line ends with LF, CRLF or a lone CR.
package struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The offset of each line's first byte.
  private let starts: [Int]
  /// UTF-16 units before every `stride`th byte: a column costs the same in a line of 10 MB as in a short one. Empty for ASCII.
  private let checkpoints: [Int]
  private static let stride = 1024

  package init(_ file: SourceFile) {
    bytes = file.bytes
    (starts, checkpoints) = Self.scan(file.bytes)
  }

  private static func scan(_ bytes: [UInt8]) -> (starts: [Int], checkpoints: [Int]) {
    var starts = [0]
    var isASCII = true
    // Indices rather than an enumeration: this loop sees every byte, and is felt where the compiler did not optimise it.
    bytes.withUnsafeBufferPointer { bytes in
      var offset = 0
      while offset < bytes.count {
        let byte = bytes[offset]
        if byte == 0x0A { starts.append(offset + 1) }
        if byte == 0x0D, offset + 1 == bytes.count || bytes[offset + 1] != 0x0A { starts.append(offset + 1) }
        if byte >= 0x80 { isASCII = false }
        offset += 1
      }
    }
    return (starts, isASCII ? [] : utf16Checkpoints(bytes))
  }

  private static func utf16Checkpoints(_ bytes: [UInt8]) -> [Int] {
    var checkpoints: [Int] = []
    var units = 0
    for (offset, byte) in bytes.enumerated() {
      if offset % stride == 0 { checkpoints.append(units) }
      units += utf16Units(byte)
    }
    return checkpoints
  }

  /// The UTF-16 units of the scalar that begins with this byte; none for its other bytes.
  private static func utf16Units(_ byte: UInt8) -> Int {
    switch byte {
    case 0x80..<0xC0: 0
    case 0xF0...: 2
    default: 1
    }
  }

  package var count: Int { starts.count }

  /// The index, from 0, of the line that holds this offset; the end of the file belongs to the last line.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// The bytes of a line, without what ends it.
  package func range(ofLine line: Int) -> Range<Int> {
    let start = starts[line]
    guard line + 1 < starts.count else { return start..<bytes.count }
    let end = starts[line + 1] - 1
    let isCRLF = bytes[end] == 0x0A && end > start && bytes[end - 1] == 0x0D
    return start..<(isCRLF ? end - 1 : end)
  }

  package func position(at offset: Int) -> Position {
    let line = line(at: offset)
    let start = starts[line]
    return Position(line: line + 1, byteColumn: offset - start + 1, utf16Column: utf16(offset) - utf16(start) + 1)
  }

  /// The number of UTF-16 units before a byte of the file.
  private func utf16(_ offset: Int) -> Int {
    guard !checkpoints.isEmpty else { return offset }
    let block = min(offset / Self.stride, checkpoints.count - 1)
    return bytes[(block * Self.stride)..<offset].reduce(checkpoints[block]) { $0 + Self.utf16Units($1) }
  }
}
