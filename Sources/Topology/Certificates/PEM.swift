/// The bytes of the first certificate of a PEM file (RFC 7468); nil where there is none, or its base64 is broken.
func firstCertificate(inPEM bytes: [UInt8]) -> [UInt8]? {
  let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
  guard let begin = lines.firstIndex(where: { $0.elementsEqual("-----BEGIN CERTIFICATE-----".utf8) }) else { return nil }
  let body = lines[(begin + 1)...].prefix { !$0.starts(with: "-----END".utf8) }
  guard begin + 1 + body.count < lines.count else { return nil }
  return decodeBase64(body.joined())
}

private func decodeBase64(_ text: some Sequence<UInt8>) -> [UInt8]? {
  var result: [UInt8] = []
  var bits: UInt32 = 0
  var count = 0
  for byte in text where byte != UInt8(ascii: "=") && byte != UInt8(ascii: " ") {
    guard let value = base64Value(byte) else { return nil }
    bits = (bits << 6 | value) & 0xFFFF
    count += 6
    if count >= 8 {
      count -= 8
      result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
  }
  return result
}

private func base64Value(_ byte: UInt8) -> UInt32? {
  switch byte {
  case 65...90: UInt32(byte) - 65
  case 97...122: UInt32(byte) - 71
  case 48...57: UInt32(byte) + 4
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
