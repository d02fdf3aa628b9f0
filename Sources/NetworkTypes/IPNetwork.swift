/// A network without host bits, `10.0.0.0/24`.
package struct IPNetwork: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let address: IPAddress
  package let prefixLength: Int

  /// Host bits of `address` are cleared.
  package init(_ address: IPAddress, prefixLength: Int) {
    self.address = IPAddress(address.family, address.value & Self.mask(address.family, prefixLength))
    self.prefixLength = prefixLength
  }

  package var family: IPAddress.Family { address.family }
  package var first: IPAddress { address }
  package var last: IPAddress { IPAddress(family, address.value | Self.hostMask(family, prefixLength)) }
  /// Addresses in the network, saturating for `::/0`.
  package var count: UInt128 {
    let bits = family.bits - prefixLength
    return bits == 128 ? .max : 1 << UInt128(bits)
  }
  package var description: String { "\(address)/\(prefixLength)" }
  /// `255.255.255.0`, as dhcpd wants it. Only for IPv4.
  package var netmask: IPAddress { IPAddress(family, Self.mask(family, prefixLength)) }

  package func contains(_ other: IPAddress) -> Bool {
    other.family == family && other.value & Self.mask(family, prefixLength) == address.value
  }
  package func contains(_ other: IPNetwork) -> Bool { other.prefixLength >= prefixLength && contains(other.address) }
  package func overlaps(_ other: IPNetwork) -> Bool { contains(other) || other.contains(self) }

  package static func < (left: IPNetwork, right: IPNetwork) -> Bool {
    left.address == right.address ? left.prefixLength < right.prefixLength : left.address < right.address
  }

  static func hostMask(_ family: IPAddress.Family, _ prefixLength: Int) -> UInt128 {
    let bits = family.bits - prefixLength
    return bits == 128 ? .max : (1 << UInt128(bits)) - 1
  }
  static func mask(_ family: IPAddress.Family, _ prefixLength: Int) -> UInt128 {
    hostMask(family, 0) & ~hostMask(family, prefixLength)
  }
}

/// An address with the prefix length of its network, `10.0.0.10/24`: what an interface carries.
package struct InterfaceAddress: Hashable, Sendable, CustomStringConvertible {
  package let address: IPAddress
  package let prefixLength: Int

  package init(_ address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Why a text is no address with prefix.
  package enum Failure: Error, Hashable, Sendable { case noPrefix, badAddress, badPrefix }

  package static func parse(_ text: String) -> Result<InterfaceAddress, Failure> {
    var text = text
    return text.withUTF8 { parse(utf8: $0) }
  }

  package static func parse(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Result<InterfaceAddress, Failure> {
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return .failure(IPAddress(utf8: bytes) == nil ? .badAddress : .noPrefix) }
    guard let address = IPAddress(utf8: UnsafeBufferPointer(rebasing: bytes[..<slash])) else { return .failure(.badAddress) }
    var length = 0
    for byte in bytes[(slash + 1)...] {
      guard (48...57).contains(byte), length < 1000 else { return .failure(.badPrefix) }
      length = length * 10 + Int(byte - 48)
    }
    guard slash + 1 < bytes.count, length <= address.family.bits else { return .failure(.badPrefix) }
    return .success(InterfaceAddress(address, prefixLength: length))
  }

  package var network: IPNetwork { IPNetwork(address, prefixLength: prefixLength) }
  package var description: String { "\(address)/\(prefixLength)" }
  /// True when the text names a network: no bit of the host part is set.
  package var isNetwork: Bool { network.address == address }
}

/// Both ends belong to the range.
package struct IPRange: Hashable, Sendable, CustomStringConvertible {
  package let first: IPAddress
  package let last: IPAddress

  package init(_ first: IPAddress, _ last: IPAddress) {
    self.first = first
    self.last = last
  }

  package func contains(_ address: IPAddress) -> Bool { address.family == first.family && first <= address && address <= last }
  package func overlaps(_ other: IPRange) -> Bool { other.first.family == first.family && first <= other.last && other.first <= last }
  /// 0 where it ends before it begins or in another family; saturating for all of IPv6.
  package var count: UInt128 {
    guard first.family == last.family, first <= last else { return 0 }
    let distance = last.value - first.value
    return distance == .max ? .max : distance + 1
  }
  package var description: String { "\(first)-\(last)" }
}
