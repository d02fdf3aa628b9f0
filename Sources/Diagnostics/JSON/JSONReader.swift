extension JSON {
  /// Why a text is not JSON: what was wanted at which byte.
  package struct ParseError: Error, Hashable, Sendable {
    package let offset: Int
    package let wanted: String
  }

  /// Reads a JSON text of strings, integers, booleans, null, arrays and objects, at most 64 deep; members keep their order.
  package init(parsing bytes: [UInt8]) throws(ParseError) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.document()
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSON.ParseError) -> JSON {
    let result = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw wanted("the end of the text") }
    return result
  }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }
  private func wanted(_ what: String) -> JSON.ParseError { JSON.ParseError(offset: offset, wanted: what) }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    skipSpace()
    guard bytes[offset...].starts(with: text.utf8) else { return false }
    offset += text.utf8.count
    return true
  }

  private mutating func value(depth: Int) throws(JSON.ParseError) -> JSON {
    guard depth < 64 else { throw wanted("at most 64 levels") }
    if take("null") { return .null }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    if take("[") { return .array(try list("]") { reader throws(JSON.ParseError) in try reader.value(depth: depth + 1) }) }
    if take("{") { return .object(try list("}") { reader throws(JSON.ParseError) in try reader.member(depth: depth + 1) }) }
    if next == UInt8(ascii: "\"") { return .string(try string()) }
    return .integer(try integer())
  }

  private mutating func list<Item>(
    _ close: String, _ item: (inout JSONReader) throws(JSON.ParseError) -> Item
  ) throws(JSON.ParseError) -> [Item] {
    var items: [Item] = []
    if take(close) { return items }
    repeat { items.append(try item(&self)) } while take(",")
    guard take(close) else { throw wanted("',' or '\(close)'") }
    return items
  }

  private mutating func member(depth: Int) throws(JSON.ParseError) -> JSON.Member {
    skipSpace()
    let key = try string()
    guard take(":") else { throw wanted("':'") }
    return JSON.Member(key, try value(depth: depth))
  }

  private mutating func integer() throws(JSON.ParseError) -> Int {
    let start = offset
    while let byte = next, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) { offset += 1 }
    guard let number = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
      offset = start
      throw wanted("a value")
    }
    return number
  }

  private mutating func string() throws(JSON.ParseError) -> String {
    guard next == UInt8(ascii: "\"") else { throw wanted("a string") }
    offset += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw wanted("an escaped control character") }
      offset += 1
      if byte == UInt8(ascii: "\\") { text.append(contentsOf: try escaped()) } else { text.append(byte) }
    }
    guard next != nil else { throw wanted("'\"'") }
    offset += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// What stands after a backslash, as UTF-8.
  private mutating func escaped() throws(JSON.ParseError) -> [UInt8] {
    guard let letter = next else { throw wanted("an escape") }
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try unicode()
    default:
      offset -= 1
      throw wanted("an escape")
    }
  }

  private mutating func unicode() throws(JSON.ParseError) -> [UInt8] {
    var units = [try hexUnit()]
    if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: "\\u".utf8) {
      offset += 2
      units.append(try hexUnit())
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private mutating func hexUnit() throws(JSON.ParseError) -> UInt16 {
    let digits = bytes[offset...].prefix(4)
    guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else { throw wanted("four hex digits") }
    offset += 4
    return unit
  }
}
