/// Turns libyaml's marks, which count code points, into byte offsets.
///
/// In a file of ASCII both are the same. Otherwise a cursor walks along with the parser: marks almost always go forward, and a step back is short.
struct CharacterOffsets {
  private let isASCII: Bool
  private var character = 0
  private var byte = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    isASCII = endOfASCII(bytes, from: 0) == bytes.count
  }

  mutating func byteOffset(of target: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    isASCII ? min(target, bytes.count) : walk(to: target, in: bytes)
  }

  private mutating func walk(to target: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    while character < target, byte < bytes.count {
      byte += 1
      while byte < bytes.count, bytes[byte] & 0xC0 == 0x80 { byte += 1 }
      character += 1
    }
    while character > target, byte > 0 {
      byte -= 1
      while byte > 0, bytes[byte] & 0xC0 == 0x80 { byte -= 1 }
      character -= 1
    }
    return byte
  }
}
