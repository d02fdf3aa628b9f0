import Diagnostics

/// Reports each key that stands twice in its mapping, and a second merge key. Keys that come through a merge may be overridden: that is
/// what merging is for, so only keys of the mapping itself count.
func reportDuplicateKeys(in tree: Tree, _ findings: inout Findings) {
  tree.withView { view in
    var table = KeyTable()
    for index in view.nodes.indices where view.nodes[index].kind == .mapping && view.nodes[index].count > 2 {
      table.forEachDuplicate(of: NodeReference(index: UInt32(index)), in: view) { second, first in
        findings.report(duplicateKey(second, first, view))
      }
    }
  }
}

private func duplicateKey(_ second: NodeReference, _ first: NodeReference, _ tree: TreeView) -> Diagnostic {
  let isMerge = tree.matches(second, "<<") && !tree[second].isQuoted
  return Diagnostic(
    .duplicateKey, .error, isMerge ? "a second merge key in one mapping" : "the key '\(tree.text(second))' stands twice in this mapping",
    at: tree.span(second), label: isMerge ? "" : "again here", secondary: [Label(tree.span(first), "first here")],
    help: isMerge ? "merge several in one: <<: [*a, *b]" : "remove one of them; the first is the one that is read")
}

/// Finds equal keys without comparing all with all: short mappings by pairs, long ones through a hash table that is used again and again.
struct KeyTable {
  private var slots: [UInt32] = []
  private var stamps: [UInt32] = []
  private var stamp: UInt32 = 0

  mutating func forEachDuplicate(of mapping: NodeReference, in tree: TreeView, _ report: (NodeReference, NodeReference) -> Void) {
    let count = Int(tree[mapping].count) / 2
    if count <= 8 { pairs(of: mapping, count, in: tree, report) } else { hashed(mapping, count, in: tree, report) }
  }

  private func pairs(of mapping: NodeReference, _ count: Int, in tree: TreeView, _ report: (NodeReference, NodeReference) -> Void) {
    let first = tree.firstChild(mapping)
    var key = first
    for position in 0..<count {
      var other = first
      for _ in 0..<position {
        if tree.equal(other, key) {
          report(key, other)
          break
        }
        other = Self.next(other, in: tree)
      }
      key = Self.next(key, in: tree)
    }
  }

  private mutating func hashed(_ mapping: NodeReference, _ count: Int, in tree: TreeView, _ report: (NodeReference, NodeReference) -> Void) {
    var size = 32
    while size < count * 2 { size *= 2 }
    if slots.count < size {
      slots = Array(repeating: 0, count: size)
      stamps = Array(repeating: 0, count: size)
      stamp = 0
    }
    stamp += 1
    let mask = slots.count - 1
    var key = tree.firstChild(mapping)
    for _ in 0..<count {
      var slot = Self.hash(tree.bytes(key)) & mask
      while stamps[slot] == stamp, !tree.equal(NodeReference(index: slots[slot]), key) { slot = (slot + 1) & mask }
      if stamps[slot] == stamp {
        report(key, NodeReference(index: slots[slot]))
      } else {
        stamps[slot] = stamp
        slots[slot] = key.index
      }
      key = Self.next(key, in: tree)
    }
  }

  /// The key after the value of this one.
  private static func next(_ key: NodeReference, in tree: TreeView) -> NodeReference { tree.after(tree.after(key)) }

  /// FNV-1a: keys are short.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }
}
