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

  /// Whether the name of this number is this one, without a look-up.
  func isName(_ name: UnsafeBufferPointer<UInt8>, of number: Int) -> Bool { isEqual(entries[number], name) }

  func text(_ number: Int) -> String {
    let entry = entries[number]
    return String(decoding: bytes[Int(entry.lower)..<Int(entry.lower + entry.count)], as: UTF8.self)
  }

  /// Where the name is, or the free slot where it would be.
  private func slot(of name: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> Int {
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, isEqual(entry, name) { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isEqual(_ entry: Entry, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard entry.count == name.count else { return false }
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

  /// Eight bytes at a time, each folded in by a multiplication whose halves are joined; the last eight may overlap the ones before.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash = UInt64(name.count)
    func mix(_ word: UInt64) {
      let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low
    }
    if name.count < 8 {
      mix(name.reduce(0) { $0 << 8 | UInt64($1) })
    } else {
      let raw = UnsafeRawBufferPointer(name)
      for start in stride(from: 0, to: name.count - 8, by: 8) { mix(raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)) }
      mix(raw.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self))
    }
    return UInt32(truncatingIfNeeded: hash)
  }
}

extension String {
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    var copy = self
    return copy.withUTF8(body)
  }
}
