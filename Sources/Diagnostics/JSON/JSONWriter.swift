extension JSON {
  package enum Layout: Sendable {
    /// One member or item a line, indented by two spaces.
    case indented
    /// All on one line, without spaces.
    case compact
  }

  /// The JSON text, without a line feed at its end.
  package func text(_ layout: Layout = .indented) -> String {
    var writer = JSONWriter(isIndented: layout == .indented)
    writer.write(self, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  let isIndented: Bool
  var bytes: [UInt8] = []

  init(isIndented: Bool) { self.isIndented = isIndented }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: raw("null")
    case .bool(let bool): raw(bool ? "true" : "false")
    case .integer(let number): raw(String(number))
    case .string(let text): string(text)
    case .array(let items):
      list(items, "[", "]", depth) { writer, item in writer.write(item, depth: depth + 1) }
    case .object(let members):
      list(members, "{", "}", depth) { writer, member in
        writer.string(member.key)
        writer.raw(writer.isIndented ? ": " : ":")
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func list<Item>(_ items: [Item], _ open: String, _ close: String, _ depth: Int, _ body: (inout JSONWriter, Item) -> Void) {
    raw(open)
    for (index, item) in items.enumerated() {
      if index > 0 { raw(",") }
      newLine(depth + 1)
      body(&self, item)
    }
    if !items.isEmpty { newLine(depth) }
    raw(close)
  }

  private mutating func newLine(_ depth: Int) {
    guard isIndented else { return }
    raw("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func string(_ text: String) {
    raw("\"")
    defer { raw("\"") }
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) { return raw(text) }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\r"): raw("\\r")
      case UInt8(ascii: "\t"): raw("\\t")
      case ..<0x20, 0x7F: escape(byte)
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escape(_ byte: UInt8) {
    let digits = String(byte, radix: 16, uppercase: true)
    raw("\\u00" + (digits.utf8.count == 1 ? "0" : "") + digits)
  }
}
