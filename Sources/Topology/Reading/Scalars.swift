import Diagnostics
import MAASFacts
import NetworkTypes

// The kinds of scalars of the topology language, each readable in one look.

extension ScalarType where Value == String {
  /// One line of text, written as it is: `no` is the text "no".
  static var text: ScalarType<String> {
    ScalarType(noun: "text", schema: .text(noun: "text", pattern: nil, examples: [], spellings: .anyScalar)) { text, _ in
      hasControlCharacter(text.bytes) ? .bad(reason: "it holds a line break or another control character") : .value(text.text)
    }
  }
  /// Text of several lines, passed through.
  static var block: ScalarType<String> {
    ScalarType(noun: "text", schema: .text(noun: "text", pattern: nil, examples: [], spellings: .anyScalar)) { text, _ in
      text.bytes.contains(where: { $0 < 32 && $0 != 10 && $0 != 9 }) ? .bad(reason: "it holds a control character") : .value(text.text)
    }
  }
  /// Names that become parts of file names and of other syntaxes.
  static var name: ScalarType<String> {
    pattern("name", "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$", "letters, digits, '_', '.' and '-', at most 63, not beginning with '.' or '-'") { text in
      text.withBytes(isAcceptableName)
    }
  }
  static var userName: ScalarType<String> {
    pattern("user name", "^[A-Za-z_][A-Za-z0-9_.@+-]{0,149}$", "letters, digits and '_.@+-', beginning with a letter") { text in
      text.utf8.count <= 150 && (text.utf8.first.map { isLetter($0) || $0 == 95 } ?? false)
        && text.utf8.allSatisfy { isNameByte($0) || $0 == 64 || $0 == 43 }
    }
  }
  static var email: ScalarType<String> {
    pattern("e-mail address", "^[^@\\s]+@[^@\\s]+$", "wanted is name@domain") { text in
      let parts = text.split(separator: "@", omittingEmptySubsequences: false)
      return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.utf8.contains { $0 <= 32 || $0 == 127 } }
    }
  }
  static var absolutePath: ScalarType<String> {
    pattern("absolute path", "^/[^\\u0000-\\u001f]*$", "it begins with '/' and has no '..'") { text in
      text.hasPrefix("/") && !hasControlCharacter(text) && !text.split(separator: "/").contains("..")
    }
  }
  static var relativePath: ScalarType<String> {
    pattern("path", "^[^\\u0000-\\u001f]+$", "it has no '..' and no control characters") { text in
      !text.isEmpty && !hasControlCharacter(text) && !text.split(separator: "/").contains("..")
    }
  }
  /// What Linux accepts, without what would need quoting.
  static var interfaceName: ScalarType<String> {
    pattern("interface name", "^[A-Za-z0-9_.@:-]{1,15}$", "at most 15 letters, digits and '_.:@-'") { text in
      (1...15).contains(text.utf8.count) && text != "." && text != ".." && text.utf8.allSatisfy { isNameByte($0) || $0 == 64 || $0 == 58 }
    }
  }
  /// `sshd`'s own rules for a jump host: `[user@]host[:port]`, comma-separated.
  static var jumpHost: ScalarType<String> {
    pattern("jump host", "^[A-Za-z0-9_.@:,\\[\\]-]+$", "wanted is [user@]host[:port]") { text in
      !text.isEmpty && text.utf8.first != 45 && text.utf8.allSatisfy { isNameByte($0) || "@:,[]".utf8.contains($0) }
    }
  }
  static var environmentVariable: ScalarType<String> {
    pattern("environment variable", "^[A-Za-z_][A-Za-z0-9_]*$", "letters, digits and '_'") { text in
      (text.utf8.first.map { isLetter($0) || $0 == 95 } ?? false) && text.utf8.allSatisfy { isLetter($0) || $0 == 95 || (48...57).contains($0) }
    }
  }

  static func pattern(_ noun: StaticString, _ pattern: String, _ allowed: String, _ accepts: @escaping (String) -> Bool) -> ScalarType<String> {
    ScalarType(noun: noun, schema: .text(noun: "\(noun)", pattern: pattern, examples: [], spellings: .anyScalar)) { text, _ in
      let value = text.text
      return accepts(value) ? .value(value) : .bad(reason: allowed)
    }
  }
}

extension ScalarType where Value == Int {
  /// YAML 1.2 core: decimal, `0x`, `0o`; a quoted number is text. Nil: any number, which a rule of the domain judges.
  static func integer(_ range: ClosedRange<Int>? = nil, noun: StaticString = "whole number") -> ScalarType<Int> {
    ScalarType(noun: noun, schema: .integer(range)) { text, _ in
      guard !text.isQuoted, let value = coreInteger(text.text) else {
        let number = coreInteger(text.text)
        return .bad(reason: number == nil ? "" : "it is quoted", suggestion: number.map(String.init))
      }
      guard let range, !range.contains(value) else { return .value(value) }
      let message = "\(value) is out of range, allowed are \(range.lowerBound) to \(range.upperBound)"
      return .problem(.badValue, message, help: nil, suggestion: nil)
    }
  }
  static var port: ScalarType<Int> { integer(1...65535, noun: "port") }
}

extension ScalarType where Value == Bool {
  static var boolean: ScalarType<Bool> {
    ScalarType(noun: "boolean", schema: .boolean) { text, _ in
      if !text.isQuoted {
        if text.equals("true") || text.equals("True") || text.equals("TRUE") { return .value(true) }
        if text.equals("false") || text.equals("False") || text.equals("FALSE") { return .value(false) }
      }
      let meant = ["yes", "on", "y", "1", "true"].contains(asciiLowercased(text.text)) ? "true" : "false"
      let isKnown = ["yes", "no", "on", "off", "y", "n", "0", "1", "true", "false"].contains(asciiLowercased(text.text))
      return .bad(reason: "wanted is true or false", suggestion: isKnown ? meant : nil)
    }
  }
}

extension ScalarType where Value == IPAddress {
  static var address: ScalarType<IPAddress> {
    ScalarType(noun: "IP address", schema: .text(noun: "IP address", pattern: "^[0-9A-Fa-f:.]+$", examples: ["10.20.0.11", "2001:db8::11"])) {
      text, _ in
      if let address = IPAddress(utf8: text.bytes) { return .value(address) }
      guard case .success(let pair) = InterfaceAddress.parse(utf8: text.bytes) else { return .bad() }
      return .bad(reason: "no prefix length is wanted here", suggestion: quotedIfNeeded(pair.address.description))
    }
  }
}

extension ScalarType where Value == InterfaceAddress {
  static var interfaceAddress: ScalarType<InterfaceAddress> {
    ScalarType(
      noun: "address with prefix", schema: .text(noun: "address with prefix", pattern: "^[0-9A-Fa-f:.]+/[0-9]{1,3}$", examples: ["10.20.0.10/24"])
    ) { text, _ in
      switch InterfaceAddress.parse(utf8: text.bytes) {
      case .success(let address): .value(address)
      case .failure(.noPrefix): .bad(reason: "the prefix length is missing, for example \(text.text)/24")
      case .failure(.badPrefix): .bad(reason: "the prefix length is 0 to \(text.text.utf8.contains(58) ? 128 : 32)")
      case .failure(.badAddress): .bad()
      }
    }
  }
}

extension ScalarType where Value == IPNetwork {
  /// Host bits are refused, and the network that was meant is offered.
  static var network: ScalarType<IPNetwork> {
    ScalarType(noun: "network", schema: .text(noun: "network", pattern: "^[0-9A-Fa-f:.]+/[0-9]{1,3}$", examples: ["10.30.0.0/24"])) { text, _ in
      switch InterfaceAddress.parse(utf8: text.bytes) {
      case .success(let address) where address.isNetwork: return .value(address.network)
      case .success(let address):
        return .bad(reason: "host bits are set, the network is \(address.network)", suggestion: quotedIfNeeded(address.network.description))
      case .failure(.noPrefix): return .bad(reason: "the prefix length is missing, for example \(text.text)/24")
      case .failure(.badPrefix): return .bad(reason: "the prefix length is 0 to \(text.text.utf8.contains(58) ? 128 : 32)")
      case .failure(.badAddress): return .bad()
      }
    }
  }
}

extension ScalarType {
  /// One word of a closed set.
  static func choice(_ noun: StaticString) -> ScalarType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    ScalarType(noun: noun, schema: .choice(Value.allCases.map(\.rawValue))) { text, _ in
      if let value = Value(rawValue: text.text) { return .value(value) }
      let words = Value.allCases.map(\.rawValue)
      return .bad(reason: "allowed are \(words.joined(separator: ", "))", suggestion: nearest(to: text.text, in: words))
    }
  }
}

extension ScalarType where Value == HostName {
  static var hostName: ScalarType<HostName> {
    ScalarType(
      noun: "host name",
      schema: .text(noun: "host name", pattern: hostNamePattern, examples: ["infra-1"], spellings: .anyScalar)
    ) { text, _ in
      HostName(text.text).map(Parsed.value) ?? .bad(reason: "letters, digits and inner hyphens are allowed, labels joined by dots")
    }
  }
}
/// The labels of RFC 1123; lengths are left to the reader.
let hostNamePattern = "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"

extension ScalarType where Value == MACAddress {
  static var mac: ScalarType<MACAddress> {
    let pattern = "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$"
    return ScalarType(noun: "MAC address", schema: .text(noun: "MAC address", pattern: pattern, examples: ["52:54:00:12:34:56"])) { text, _ in
      MACAddress(utf8: text.bytes).map(Parsed.value) ?? .bad(reason: "wanted are six pairs of hexadecimal digits")
    }
  }
}

extension ScalarType where Value == HTTPURL {
  static var url: ScalarType<HTTPURL> {
    ScalarType(noun: "URL", schema: .text(noun: "URL", pattern: "^https?://", examples: ["http://maas.example.net/MAAS"])) { text, _ in
      HTTPURL(text.text).map(Parsed.value) ?? .bad(reason: "wanted is http:// or https://, a host, and where needed a port and a path")
    }
  }
}

extension ScalarType where Value == MAASVersion {
  static var version: ScalarType<MAASVersion> {
    ScalarType(
      noun: "MAAS version",
      schema: .text(noun: "MAAS version", pattern: "^[0-9]{1,3}\\.[0-9]{1,3}(\\.[0-9]{1,3})?$", examples: ["3.7"], spellings: .stringOrNumber)
    ) { text, _ in
      MAASVersion(text.text).map(Parsed.value) ?? .bad(reason: "wanted is X.Y or X.Y.Z")
    }
  }
}

extension ScalarType where Value == Channel {
  static var channel: ScalarType<Channel> {
    ScalarType(
      noun: "snap channel", schema: .text(noun: "snap channel", pattern: "^[A-Za-z0-9.-]+/(stable|candidate|beta|edge)$", examples: ["3.7/stable"])
    ) { text, _ in
      let parts = text.text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let risks = Channel.Risk.allCases.map(\.rawValue)
      guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ isNameByte($0) && $0 != 95 }) else {
        return .bad(reason: "wanted is track/risk, for example 3.7/stable")
      }
      guard let risk = Channel.Risk(rawValue: parts[1]) else {
        return .bad(
          reason: "the risk is one of \(risks.joined(separator: ", "))",
          suggestion: nearest(to: parts[1], in: risks).map { parts[0] + "/" + $0 })
      }
      return .value(Channel(track: parts[0], risk: risk))
    }
  }
}

extension ScalarType where Value == Duration {
  /// `900s`, `30m`, `24h`, `300ms`. A bare number would be milliseconds to HAProxy and seconds to people, so it is refused.
  static var duration: ScalarType<Duration> {
    ScalarType(noun: "duration", schema: .text(noun: "duration", pattern: "^[0-9]{1,9}(ms|s|m|h|d)$", examples: ["900s", "24h"])) { text, _ in
      let digits = text.text.prefix { $0.isASCII && $0.isNumber }
      guard let count = Int(digits), digits.utf8.count <= 9 else { return .bad(reason: "wanted is a number with ms, s, m, h or d") }
      switch text.text.dropFirst(digits.count) {
      case "ms": return .value(Duration(milliseconds: count))
      case "s": return .value(.seconds(count))
      case "m": return .value(.seconds(count * 60))
      case "h": return .value(.hours(count))
      case "d": return .value(.hours(count * 24))
      case "": return .bad(reason: "the unit is missing", suggestion: "\(count)s")
      default: return .bad(reason: "wanted is a number with ms, s, m, h or d")
      }
    }
  }
  /// Seconds with at most two decimals, as keepalived reads `advert_int`.
  static var advertInterval: ScalarType<Duration> {
    ScalarType(noun: "number of seconds", schema: .number(noun: "seconds", minimum: 0.01, maximum: 40)) { text, _ in
      let parts = text.text.split(separator: ".", omittingEmptySubsequences: false)
      guard !text.isQuoted, (1...2).contains(parts.count), let whole = Int(parts[0]), parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
        whole <= 40
      else {
        return .bad(reason: "allowed are 0.01 to 40")
      }
      let decimals = parts.count == 2 ? parts[1] : "0"
      guard (1...2).contains(decimals.utf8.count), decimals.utf8.allSatisfy({ (48...57).contains($0) }), let fraction = Int(decimals) else {
        return .bad(reason: "at most two decimals")
      }
      let milliseconds = whole * 1000 + fraction * (decimals.utf8.count == 1 ? 100 : 10)
      return (10...40_000).contains(milliseconds) ? .value(Duration(milliseconds: milliseconds)) : .bad(reason: "allowed are 0.01 to 40")
    }
  }
}

extension ScalarType where Value == ScalarText {
  /// A scalar whose type a fact table decides later.
  static var any: ScalarType<ScalarText> {
    ScalarType(noun: "value", schema: .either([.text(noun: "text", pattern: nil, examples: [], spellings: .anyScalar), .integer(nil), .boolean])) {
      text, _ in
      hasControlCharacter(text.bytes)
        ? .bad(reason: "it holds a line break or another control character") : .value(ScalarText(text.text, isQuoted: text.isQuoted))
    }
  }
}

// MARK: Bytes

func hasControlCharacter(_ text: String) -> Bool { text.utf8.contains { $0 < 32 || $0 == 127 } }
func hasControlCharacter(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { bytes.contains { $0 < 32 || $0 == 127 } }
func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
/// Letters, digits, `_`, `-`, `.`
func isNameByte(_ byte: UInt8) -> Bool { isLetter(byte) || (48...57).contains(byte) || byte == 95 || byte == 45 || byte == 46 }
/// Of fabrics, VLANs, secrets: what `ScalarType.name` reads.
func isAcceptableName(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let first = name.first, first != 45, first != 46 else { return false }
  return name.count <= 63 && name.allSatisfy(isNameByte)
}
func asciiLowercased(_ text: String) -> String { String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 32 : $0 }, as: UTF8.self) }
/// An IPv6 text at the beginning or end of which `::` stands is no plain YAML scalar.
func quotedIfNeeded(_ text: String) -> String { text.hasPrefix(":") || text.hasSuffix(":") || text.contains("::/") ? "\"\(text)\"" : text }

/// Integers by the YAML 1.2 core schema: `[-+]?[0-9]+`, `0o[0-7]+`, `0x[0-9a-fA-F]+`.
package func coreInteger(_ text: String) -> Int? {
  if text.hasPrefix("0x") { return hasPlainDigits(text.dropFirst(2)) ? Int(text.dropFirst(2), radix: 16) : nil }
  if text.hasPrefix("0o") { return hasPlainDigits(text.dropFirst(2)) ? Int(text.dropFirst(2), radix: 8) : nil }
  return Int(text)
}
private func hasPlainDigits(_ text: Substring) -> Bool { text.first.map { $0 != "+" && $0 != "-" } ?? false }
