/// The lines of a file as git counts them: each ends with LF, whatever stands before it; there is no line after the last LF.
struct GitLines {
  let bytes: [UInt8]
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = bytes.isEmpty ? [] : [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A && offset + 1 < bytes.count { starts.append(offset + 1) }
    self.starts = starts
  }

  var count: Int { starts.count }

  /// A line with its line end.
  subscript(line: Int) -> ArraySlice<UInt8> { bytes[range(of: line..<(line + 1))] }

  func range(of lines: Range<Int>) -> Range<Int> { start(of: lines.lowerBound)..<start(of: lines.upperBound) }

  private func start(of line: Int) -> Int { line < starts.count ? starts[line] : bytes.count }

  /// The line that holds a byte; the end of the file belongs to the last line.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }
}
