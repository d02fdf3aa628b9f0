/// Lines of the old file, and the lines that replace them.
struct LineChange {
  let old: Range<Int>
  let new: [ArraySlice<UInt8>]

  /// What the edits change, in ascending order; lines that stay as they are belong to no change.
  static func all(of fixed: FixedFile, _ lines: GitLines) -> [LineChange] {
    var changes: [LineChange] = []
    var index = 0
    while index < fixed.edits.count {
      let first = lines.line(at: fixed.edits[index].range.lowerBound)
      var last = lines.line(at: fixed.edits[index].range.upperBound)
      var end = index + 1
      while end < fixed.edits.count, lines.line(at: fixed.edits[end].range.lowerBound) <= last {
        last = max(last, lines.line(at: fixed.edits[end].range.upperBound))
        end += 1
      }
      let touched = first..<min(last + 1, lines.count)
      if let change = LineChange(fixed, touched, fixed.edits[index..<end], lines) { changes.append(change) }
      index = end
    }
    return changes
  }

  /// Nil where the edits leave every line as it was.
  private init?(_ fixed: FixedFile, _ touched: Range<Int>, _ edits: ArraySlice<FixedFile.Edit>, _ lines: GitLines) {
    let bytes = lines.range(of: touched)
    let before = Self.split(fixed.old[bytes])
    let after = Self.split(FixedFile.replaced(fixed.old, bytes, edits)[...])
    let head = zip(before, after).prefix { $0 == $1 }.count
    let tail = zip(before.dropFirst(head).reversed(), after.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    guard before.count > head + tail || after.count > head + tail else { return nil }
    old = (touched.lowerBound + head)..<(touched.lowerBound + before.count - tail)
    new = Array(after.dropFirst(head).dropLast(tail))
  }

  private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    for offset in bytes.indices where bytes[offset] == 0x0A {
      lines.append(bytes[start...offset])
      start = offset + 1
    }
    return start < bytes.endIndex ? lines + [bytes[start...]] : lines
  }
}
