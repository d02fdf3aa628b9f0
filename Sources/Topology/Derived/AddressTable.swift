import NetworkTypes

/// Finds what an address belongs to. A hash table of its own: there are as many addresses as a file is long, almost all of them with
/// one owner, and a dictionary of arrays would cost an allocation for each.
struct AddressTable<Owner: Equatable & Sendable>: Sendable {
  private struct Entry {
    var address: IPAddress
    var owner: Owner
  }
  private(set) var hasSharedAddresses = false
  private var entries: [Entry] = []
  /// Positions in `entries` plus one; 0 is a free slot.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  /// Takes the owner of an address in, once.
  mutating func insert(_ address: IPAddress, _ owner: Owner) {
    if entries.count * 2 >= slots.count { grow() }
    var slot = home(of: address)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.address == address {
        if entry.owner == owner { return }
        hasSharedAddresses = true
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    entries.append(Entry(address: address, owner: owner))
    slots[slot] = UInt32(entries.count)
  }

  /// In the order in which they were taken in.
  func owners(of address: IPAddress) -> [Owner] {
    var result: [Owner] = []
    forEachOwner(of: address) { result.append($0) }
    return result
  }

  func lastOwner(of address: IPAddress) -> Owner? {
    var result: Owner?
    forEachOwner(of: address) { result = $0 }
    return result
  }

  private func forEachOwner(of address: IPAddress, _ body: (Owner) -> Void) {
    var slot = home(of: address)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.address == address { body(entry.owner) }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for (position, entry) in entries.enumerated() {
      var slot = home(of: entry.address)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(position + 1)
    }
  }

  /// Fibonacci hashing of both halves.
  private func home(of address: IPAddress) -> Int {
    let folded = UInt64(truncatingIfNeeded: address.value >> 64) ^ UInt64(truncatingIfNeeded: address.value)
    return Int(truncatingIfNeeded: (folded &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
  }
}
