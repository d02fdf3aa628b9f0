import Diagnostics

extension SourceFile {
  /// Empty for a span that is not of this file.
  func text(within span: Span) -> String { span.lower >= base && span.upper <= base + UInt32(bytes.count) ? text(span) : "" }

  /// A label of many lines hides the others: what of the span stands on its first line.
  func firstLine(of span: Span) -> Span {
    guard span.lower >= base, span.upper <= base + UInt32(bytes.count) else { return span }
    let lower = Int(span.lower - base)
    let text = bytes[lower..<Int(span.upper - base)]
    return Span(span.lower, base + UInt32(text.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex))
  }

  /// `num_workers: 4` for the span of the `4`; the value's own span where its key does not stand right before it (or it came through an alias).
  func entry(_ key: String, _ value: Span) -> Span {
    guard value.lower >= base, Int(value.lower - base) <= bytes.count else { return value }
    var position = Int(value.lower - base)
    func skipSpaces() { while position > 0, bytes[position - 1] == UInt8(ascii: " ") { position -= 1 } }
    skipSpaces()
    guard position > 0, bytes[position - 1] == UInt8(ascii: ":") else { return value }
    position -= 1
    skipSpaces()
    guard bytes[..<position].ends(with: key.utf8) else { return value }
    return Span(base + UInt32(position - key.utf8.count), value.upper)
  }
}

extension SourceFile {
  /// The first place of a word inside a span; the span itself where the word is not written as such (an escape, an alias).
  func word(_ word: String, in span: Span) -> Span {
    guard span.lower >= base, span.upper <= base + UInt32(bytes.count) else { return span }
    let wanted = Array(word.utf8)
    let limit = Int(span.upper - base)
    var position = Int(span.lower - base)
    var isComment = false
    while position + wanted.count <= limit {
      if bytes[position] == UInt8(ascii: "#") { isComment = true }
      if bytes[position] == UInt8(ascii: "\n") { isComment = false }
      let end = position + wanted.count
      let isWhole = !isWordByte(at: position - 1) && !isWordByte(at: end)
      if !isComment, isWhole, bytes[position..<end].elementsEqual(wanted) { return Span(base + UInt32(position), base + UInt32(end)) }
      position += 1
    }
    return span
  }

  private func isWordByte(at position: Int) -> Bool {
    guard bytes.indices.contains(position) else { return false }
    return bytes[position] > UInt8(ascii: " ") && !"\"'".utf8.contains(bytes[position])
  }
}

extension ArraySlice<UInt8> {
  fileprivate func ends(with other: String.UTF8View) -> Bool { suffix(other.count).elementsEqual(other) }
}
