import Diagnostics

/// Reports each key that stands twice in its mapping, and a second merge key. Keys that come through a merge may be overridden: that is
/// what merging is for, so only keys of the mapping itself count.
func reportDuplicateKeys(in tree: Tree, _ findings: inout Findings) {
  var table = KeyTable()
  for index in tree.nodes.indices where tree.nodes[index].kind == .mapping && tree.nodes[index].count > 2 {
    table.forEachDuplicate(of: UInt32(index), in: tree) { second, first in
      findings.report(duplicateKey(second, first, tree))
    }
  }
}

private func duplicateKey(_ second: UInt32, _ first: UInt32, _ tree: Tree) -> Diagnostic {
  let reference = NodeReference(index: second)
  let isMerge = tree.matches(reference, "<<") && !tree[reference].isQuoted
  return Diagnostic(
    .duplicateKey, .error, isMerge ? "a second merge key in one mapping" : "the key '\(tree.text(reference))' stands twice in this mapping",
    at: tree.span(reference), label: isMerge ? "" : "again here", secondary: [Label(tree.span(NodeReference(index: first)), "first here")],
    help: isMerge ? "merge several in one: <<: [*a, *b]" : "remove one of them; the first is the one that is read")
}

/// Finds equal keys without comparing all with all: short mappings by pairs, long ones through a hash table that is used again and again.
struct KeyTable {
  private var slots: [UInt32] = []
  private var stamps: [UInt32] = []
  private var stamp: UInt32 = 0

  mutating func forEachDuplicate(of mapping: UInt32, in tree: Tree, _ report: (UInt32, UInt32) -> Void) {
    let count = Int(tree.nodes[Int(mapping)].count) / 2
    if count <= 8 { pairs(of: mapping, count, in: tree, report) } else { hashed(mapping, count, in: tree, report) }
  }

  private func pairs(of mapping: UInt32, _ count: Int, in tree: Tree, _ report: (UInt32, UInt32) -> Void) {
    var key = mapping + 1
    for position in 0..<count {
      var other = mapping + 1
      for _ in 0..<position {
        if Self.same(other, key, in: tree) {
          report(key, other)
          break
        }
        other = Self.next(other, in: tree)
      }
      key = Self.next(key, in: tree)
    }
  }

  private mutating func hashed(_ mapping: UInt32, _ count: Int, in tree: Tree, _ report: (UInt32, UInt32) -> Void) {
    var size = 32
    while size < count * 2 { size *= 2 }
    if slots.count < size {
      slots = Array(repeating: 0, count: size)
      stamps = Array(repeating: 0, count: size)
      stamp = 0
    }
    stamp += 1
    let mask = slots.count - 1
    var key = mapping + 1
    for _ in 0..<count {
      var slot = Self.hash(key, in: tree) & mask
      while stamps[slot] == stamp, !Self.same(slots[slot], key, in: tree) { slot = (slot + 1) & mask }
      if stamps[slot] == stamp {
        report(key, slots[slot])
      } else {
        stamps[slot] = stamp
        slots[slot] = key
      }
      key = Self.next(key, in: tree)
    }
  }

  private static func same(_ left: UInt32, _ right: UInt32, in tree: Tree) -> Bool {
    tree.nodes[Int(left)].kind == .scalar && tree.nodes[Int(right)].kind == .scalar && tree.equal(left, right)
  }

  /// The key after the value of this one.
  private static func next(_ key: UInt32, in tree: Tree) -> UInt32 { tree.nodes[Int(tree.nodes[Int(key)].end)].end }

  /// FNV-1a: keys are short.
  private static func hash(_ key: UInt32, in tree: Tree) -> Int {
    tree.withText(NodeReference(index: key)) { bytes in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
    }
  }
}
