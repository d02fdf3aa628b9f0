/// An IPv4 or IPv6 address. IPv4 stands in the low 32 bits.
///
/// Public, so that comparisons are inlined where addresses are sorted and looked up.
public struct IPAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  public enum Family: UInt8, Sendable, Comparable {
    case v4 = 4
    case v6 = 6
    package var bits: Int { self == .v4 ? 32 : 128 }
    @inlinable public static func < (left: Family, right: Family) -> Bool { left.rawValue < right.rawValue }
  }

  /// A set of families.
  package struct Families: Hashable, Sendable {
    private var v4 = false
    private var v6 = false
    package init() {}

    package var isEmpty: Bool { !v4 && !v6 }
    package mutating func insert(_ family: Family) { if family == .v4 { v4 = true } else { v6 = true } }
    /// IPv4 before IPv6.
    package func first(missingFrom other: Families) -> Family? { v4 && !other.v4 ? .v4 : v6 && !other.v6 ? .v6 : nil }
  }

  public let family: Family
  // Two halves, since a UInt128 would be aligned to 16 bytes, and there are as many addresses as a topology is long.
  @usableFromInline let high: UInt64
  @usableFromInline let low: UInt64

  package init(_ family: Family, _ value: UInt128) {
    self.family = family
    high = UInt64(truncatingIfNeeded: value >> 64)
    low = UInt64(truncatingIfNeeded: value)
  }

  package var value: UInt128 { UInt128(high) << 64 | UInt128(low) }

  /// Reads dotted decimal (no leading zeros) or RFC 4291 text; nil for anything else, zones included.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let address = text.withUTF8({ IPAddress(utf8: $0) }) else { return nil }
    self = address
  }

  /// Reads the same text from bytes, without making a `String`.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= 45 else { return nil }
    if bytes.contains(UInt8(ascii: ":")) {
      guard let value = AddressText.v6(bytes[...]) else { return nil }
      self.init(.v6, value)
    } else {
      guard let value = AddressText.v4(bytes[...]) else { return nil }
      self.init(.v4, UInt128(value))
    }
  }

  /// RFC 5952 for IPv6.
  public var description: String { family == .v4 ? dottedDecimal : compressedHex }
  /// The form for a URL or `host:port`: IPv6 in brackets.
  package var bracketed: String { family == .v4 ? description : "[\(description)]" }

  @inlinable public static func == (left: IPAddress, right: IPAddress) -> Bool {
    left.low == right.low && left.high == right.high && left.family == right.family
  }

  @inlinable public static func < (left: IPAddress, right: IPAddress) -> Bool {
    if left.family != right.family { return left.family < right.family }
    return left.high == right.high ? left.low < right.low : left.high < right.high
  }

  /// The address `distance` further on; wraps at the end of the space.
  package func advanced(by distance: UInt128) -> IPAddress { IPAddress(family, value &+ distance) }

  private var dottedDecimal: String {
    "\(value >> 24 & 255).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
  }

  private var groups: [UInt16] { (0..<8).map { UInt16(truncatingIfNeeded: value >> (112 - 16 * $0)) } }

  private var compressedHex: String {
    let groups = self.groups
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > best.count, end - index > 1 { best = index..<end }
      index = max(end, index + 1)
    }
    let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    if best.isEmpty { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }
}

/// Reads address text byte by byte.
enum AddressText {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  static func v4(_ bytes: Bytes) -> UInt32? {
    var result: UInt32 = 0
    var octets = 0
    var value: UInt32 = 0
    var digits = 0
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        guard digits > 0 else { return nil }
        result = result << 8 | value
        octets += 1
        value = 0
        digits = 0
      } else {
        guard byte >= 48, byte <= 57, !(digits > 0 && value == 0), digits < 3 else { return nil }
        value = value * 10 + UInt32(byte - 48)
        digits += 1
        guard value <= 255 else { return nil }
      }
    }
    guard octets == 3, digits > 0 else { return nil }
    return result << 8 | value
  }

  static func v6(_ bytes: Bytes) -> UInt128? {
    var head: [UInt16] = []
    var tail: [UInt16] = []
    var compressed = false
    var index = bytes.startIndex
    if bytes.starts(with: [58, 58]) {
      compressed = true
      index += 2
    } else if bytes.first == 58 {
      return nil
    }
    while index < bytes.endIndex {
      let end = bytes[index...].firstIndex(of: 58) ?? bytes.endIndex
      let part = bytes[index..<end]
      if part.contains(UInt8(ascii: ".")) {
        guard end == bytes.endIndex, let quad = v4(part) else { return nil }
        let pair = [UInt16(quad >> 16), UInt16(truncatingIfNeeded: quad)]
        if compressed { tail += pair } else { head += pair }
        index = end
        break
      }
      guard let group = hexGroup(part) else { return nil }
      if compressed { tail.append(group) } else { head.append(group) }
      index = end
      guard index < bytes.endIndex else { break }
      index += 1
      guard index < bytes.endIndex else { return nil }
      if bytes[index] == 58 {
        guard !compressed else { return nil }
        compressed = true
        index += 1
      }
    }
    let count = head.count + tail.count
    guard compressed ? count < 8 : count == 8 else { return nil }
    let groups = head + Array(repeating: 0, count: 8 - count) + tail
    return groups.reduce(0) { $0 << 16 | UInt128($1) }
  }

  private static func hexGroup(_ part: Bytes) -> UInt16? {
    guard (1...4).contains(part.count) else { return nil }
    var value: UInt16 = 0
    for byte in part {
      switch byte {
      case 48...57: value = value << 4 | UInt16(byte - 48)
      case 65...70: value = value << 4 | UInt16(byte - 55)
      case 97...102: value = value << 4 | UInt16(byte - 87)
      default: return nil
      }
    }
    return value
  }
}
