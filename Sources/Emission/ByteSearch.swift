extension UnsafeBufferPointer<UInt8> {
  /// Where a word begins at or after `start`; nil where it does not occur again.
  func firstOffset(of word: StaticString, from start: Int = 0) -> Int? {
    let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard let first = word.first else { return nil }
    var offset = start
    while offset + word.count <= count {
      if self[offset] == first, self[offset..<offset + word.count].elementsEqual(word) { return offset }
      offset += 1
    }
    return nil
  }
}

extension String {
  /// Scripts are long and many, and `contains` goes by characters.
  func holds(_ word: StaticString) -> Bool {
    var text = self
    return text.withUTF8 { $0.firstOffset(of: word) != nil }
  }
}
