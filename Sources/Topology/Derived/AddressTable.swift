import NetworkTypes

/// Finds the hosts that carry an address. A hash table of its own: there are as many addresses as a file is long, almost all of them with
/// one owner, and a dictionary of arrays would cost an allocation for each.
struct AddressTable: Sendable {
  private struct Entry {
    var address: IPAddress
    var host: HostID
  }
  private(set) var hasSharedAddresses = false
  private var entries: [Entry] = []
  /// Positions in `entries` plus one; 0 is a free slot.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  /// Takes the host in as an owner of the address, once.
  mutating func insert(_ address: IPAddress, _ host: HostID) {
    if entries.count * 2 >= slots.count { grow() }
    var slot = home(of: address)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.address == address {
        if entry.host == host { return }
        hasSharedAddresses = true
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    entries.append(Entry(address: address, host: host))
    slots[slot] = UInt32(entries.count)
  }

  /// Owners in the order in which they were taken in.
  func hosts(with address: IPAddress) -> [HostID] {
    var result: [HostID] = []
    var slot = home(of: address)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.address == address { result.append(entry.host) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return result
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
