/// A host name by RFC 1123: labels of letters, digits and inner hyphens, joined by dots; at most 253 bytes. Safe in every file we write.
package struct HostName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let description: String

  package init?(_ text: String) {
    guard (1...253).contains(text.utf8.count) else { return nil }
    var length = 0
    var last: UInt8 = 45
    for byte in text.utf8 {
      if byte == 46 {
        guard last != 45, length > 0 else { return nil }
        length = 0
      } else {
        guard isLetterOrDigit(byte) || byte == 45 && length > 0, length < 63 else { return nil }
        length += 1
      }
      last = byte
    }
    guard length > 0, last != 45 else { return nil }
    description = text
  }

  /// `rack-a1` of `rack-a1.prg.example.net`: what MAAS matches controllers by.
  package var short: String { String(description.prefix { $0 != "." }) }
  package var isFullyQualified: Bool { description.utf8.contains(46) }
  package static func < (left: HostName, right: HostName) -> Bool { left.description < right.description }
}

/// 48 bits, printed in lower case with colons.
package struct MACAddress: Hashable, Sendable, CustomStringConvertible {
  package let value: UInt64

  package init?(_ text: String) {
    var text = text
    guard let address = text.withUTF8({ MACAddress(utf8: $0) }) else { return nil }
    self = address
  }

  /// Six pairs of hexadecimal digits, joined by colons or hyphens.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 17 else { return nil }
    var value: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      if index % 3 == 2 {
        guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      switch byte {
      case 48...57: value = value << 4 | UInt64(byte - 48)
      case 65...70: value = value << 4 | UInt64(byte - 55)
      case 97...102: value = value << 4 | UInt64(byte - 87)
      default: return nil
      }
    }
    self.value = value
  }

  package var description: String {
    (0..<6).map { index in
      let text = String(value >> UInt64(40 - 8 * index) & 255, radix: 16)
      return text.utf8.count == 1 ? "0" + text : text
    }.joined(separator: ":")
  }
}

/// An `http` or `https` URL whose parts are safe to write anywhere.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Sendable { case http, https }
  package enum Host: Hashable, Sendable, CustomStringConvertible {
    case name(String)
    case address(IPAddress)
    package var description: String {
      switch self {
      case .name(let name): name
      case .address(let address): address.bracketed
      }
    }
  }

  package let scheme: Scheme
  package let host: Host
  /// As written; nil when the scheme's own port is meant.
  package let explicitPort: Int?
  /// Begins with `/` or is empty.
  package let path: String

  package init(_ scheme: Scheme, _ host: Host, port: Int? = nil, path: String = "") {
    self.scheme = scheme
    self.host = host
    self.explicitPort = port
    self.path = path
  }

  /// Nil for another scheme, user information, a query, a fragment, a bad port, or a byte outside printable ASCII.
  /// A name may hold underscores here (MAAS reads such URLs too); rule M501 judges them.
  package init?(_ text: String) {
    let scheme: Scheme
    let rest: Substring
    if text.hasPrefix("http://") {
      scheme = .http
      rest = text.dropFirst(7)
    } else if text.hasPrefix("https://") {
      scheme = .https
      rest = text.dropFirst(8)
    } else {
      return nil
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let path = rest[slash...]
    guard path.utf8.allSatisfy({ isLetterOrDigit($0) || "/._~-".utf8.contains($0) }) else { return nil }
    guard let (host, port) = Self.authority(rest[..<slash]) else { return nil }
    self.init(scheme, host, port: port, path: String(path))
  }

  package var port: Int { explicitPort ?? (scheme == .http ? 80 : 443) }
  package var description: String { "\(scheme.rawValue)://\(host)\(explicitPort.map { ":\($0)" } ?? "")\(path)" }

  private static func authority(_ text: Substring) -> (Host, Int?)? {
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]"), let address = IPAddress(text[text.index(after: text.startIndex)..<close]),
        address.family == .v6
      else { return nil }
      return port(text[text.index(after: close)...]).map { (.address(address), $0) }
    }
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    guard let port = port(text[colon...]) else { return nil }
    let name = text[..<colon]
    if let address = IPAddress(name) { return (.address(address), port) }
    guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == 45 || $0 == 46 || $0 == 95 }) else {
      return nil
    }
    return (.name(String(name)), port)
  }

  /// `""` is no port, `":80"` is 80, anything else fails.
  private static func port(_ text: Substring) -> Int?? {
    if text.isEmpty { return .some(nil) }
    let digits = text.dropFirst()
    guard text.hasPrefix(":"), (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let port = Int(digits), (1...65535).contains(port)
    else { return nil }
    return .some(port)
  }
}

func isLetterOrDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) }
