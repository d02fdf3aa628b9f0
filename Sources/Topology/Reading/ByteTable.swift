/// Names as bytes, numbered in the order in which they are taken in. A name is looked up where it stands in the file: no `String` is made, and
/// the hash is a few multiplications. The table is never iterated in the order of its slots.
struct ByteTable {
  private struct Entry {
    var hash: UInt32
    var lower: UInt32
    var count: UInt32
  }
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Entry number plus one; 0 is free.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  var count: Int { entries.count }

  func find(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
    let found = slots[slot(of: name, Self.hash(name))]
    return found == 0 ? nil : Int(found) - 1
  }

  /// The number of the name, and whether it is new.
  mutating func insert(_ name: UnsafeBufferPointer<UInt8>) -> (number: Int, isNew: Bool) {
    let hash = Self.hash(name)
    let place = slot(of: name, hash)
    if slots[place] != 0 { return (Int(slots[place]) - 1, false) }
    entries.append(Entry(hash: hash, lower: UInt32(bytes.count), count: UInt32(name.count)))
    bytes.append(contentsOf: name)
    slots[place] = UInt32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return (entries.count - 1, true)
  }

  func text(_ number: Int) -> String {
    let entry = entries[number]
    return String(decoding: bytes[Int(entry.lower)..<Int(entry.lower + entry.count)], as: UTF8.self)
  }

  /// Where the name is, or the free slot where it would be.
  private func slot(of name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0, !isEqual(entries[Int(slots[slot]) - 1], name, hash) { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  private func isEqual(_ entry: Entry, _ name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Bool {
    guard entry.hash == hash, entry.count == name.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<name.count where bytes[Int(entry.lower) + index] != name[index] { return false }
      return true
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (number, entry) in entries.enumerated() {
      var slot = Int(entry.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number + 1)
    }
  }

  /// FNV-1a, folded: names are short.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}

extension String {
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    var copy = self
    return copy.withUTF8(body)
  }
}
