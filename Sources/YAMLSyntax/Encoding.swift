import Diagnostics

/// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms), or nil.
func firstInvalidByte(of bytes: [UInt8]) -> Int? {
  bytes.withUnsafeBufferPointer { buffer in
    var index = 0
    while index < buffer.count {
      if buffer[index] < 0x80 {
        index = endOfASCII(buffer, from: index)
        continue
      }
      guard let length = sequenceLength(buffer, at: index) else { return index }
      index += length
    }
    return nil
  }
}

/// The next byte that is not ASCII, or the end. Looks at eight bytes at a time, since almost every file is ASCII throughout.
func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
  let raw = UnsafeRawBufferPointer(bytes)
  var index = start
  while index + 8 <= bytes.count, raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 { index += 8 }
  while index < bytes.count, bytes[index] < 0x80 { index += 1 }
  return index
}

/// The length of the well-formed sequence of two to four bytes that begins here, or nil.
private func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
  let lead = bytes[index]
  let length: Int
  var second: ClosedRange<UInt8> = 0x80...0xBF
  switch lead {
  case 0xC2...0xDF: length = 2
  case 0xE0: (length, second) = (3, 0xA0...0xBF)
  case 0xED: (length, second) = (3, 0x80...0x9F)
  case 0xE1...0xEF: length = 3
  case 0xF0: (length, second) = (4, 0x90...0xBF)
  case 0xF4: (length, second) = (4, 0x80...0x8F)
  case 0xF1...0xF3: length = 4
  default: return nil
  }
  guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
  for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return nil }
  return length
}

/// Says which other encoding the file seems to have.
func encodingError(in file: SourceFile, at offset: Int) -> Diagnostic {
  let start = file.base + UInt32(offset)
  let isUTF16 = file.bytes.starts(with: [0xFF, 0xFE]) || file.bytes.starts(with: [0xFE, 0xFF])
  let byte = String(file.bytes[offset], radix: 16, uppercase: true)
  return Diagnostic(
    .yamlSyntax, .error, isUTF16 ? "the file is UTF-16, a topology is UTF-8" : "the byte 0x\(byte) is not UTF-8", at: Span(start, start + 1),
    help: isUTF16 ? "convert it: iconv -f UTF-16 -t UTF-8" : "save the file as UTF-8 (from Latin-1: iconv -f ISO-8859-1 -t UTF-8)")
}
