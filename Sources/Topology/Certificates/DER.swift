/// Walks through the elements of a DER encoding (ITU-T X.690), one level at a time.
struct DER {
  struct Element {
    var tag: UInt8
    var content: ArraySlice<UInt8>
  }
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Nil at the end, and for anything that is not a short tag with a definite length inside of the bytes.
  mutating func next() -> Element? {
    guard let tag = rest.popFirst(), tag & 0x1F != 0x1F, let first = rest.popFirst() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard (1...4).contains(count), rest.count >= count else { return nil }
      length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(count)
    }
    guard length <= rest.count else { return nil }
    defer { rest = rest.dropFirst(length) }
    return Element(tag: tag, content: rest.prefix(length))
  }

  /// The next element, if it has this tag.
  mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
    guard let element = next(), element.tag == tag else { return nil }
    return element.content
  }

  static let sequence: UInt8 = 0x30
  static let boolean: UInt8 = 0x01
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let utcTime: UInt8 = 0x17
  static let generalizedTime: UInt8 = 0x18
  /// `[number]` with elements inside.
  static func constructed(_ number: UInt8) -> UInt8 { 0xA0 | number }
  /// `[number]` with a value inside.
  static func primitive(_ number: UInt8) -> UInt8 { 0x80 | number }
}
