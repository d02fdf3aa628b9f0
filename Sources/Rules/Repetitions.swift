/// Whether two of `count` keys are equal, told by their hashes: false is certain, true sends the rule to look closely.
///
/// A rule about duplicates meets a file without any in almost every run; there this costs a fiftieth of a dictionary.
func mayRepeat(count: Int, _ forEachHash: ((UInt64) -> Void) -> Void) -> Bool {
  var size = 64
  while size < count * 2 { size *= 2 }
  var slots = [UInt64](repeating: 0, count: size)
  var isRepeated = false
  var taken = 0
  forEachHash { hash in
    guard !isRepeated else { return }
    // 0 marks a free slot. More keys than announced would never find one.
    let key = hash == 0 ? 1 : hash
    taken += 1
    guard taken < size else { return isRepeated = true }
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (size - 1)
    while slots[slot] != 0, slots[slot] != key { slot = (slot + 1) & (size - 1) }
    if slots[slot] == key { isRepeated = true } else { slots[slot] = key }
  }
  return isRepeated
}

/// FNV-1a of a host's short name without regard to case.
func shortNameHash(_ name: String) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in name.utf8 {
    if byte == UInt8(ascii: ".") { break }
    hash = (hash ^ UInt64((65...90).contains(byte) ? byte | 32 : byte)) &* 0x100_0000_01B3
  }
  return hash
}
