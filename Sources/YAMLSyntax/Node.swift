package import Diagnostics

/// One node of the tree, of a fixed size. A collection's children follow it directly; `end` is the index after its last descendant, so a
/// sibling is found without a link. A scalar's text is a slice of the file's bytes wherever it is the same bytes, else of a side buffer.
package struct Node: Sendable {
  package enum Kind: UInt8, Sendable { case scalar, sequence, mapping, alias }
  package enum Style: UInt8, Sendable { case plain, singleQuoted, doubleQuoted, literal, folded, block, flow }

  /// Of the value itself, without its anchor and tag; in the offset space of all files.
  package var span: Span
  /// Scalar: where the text begins, in the file or in the side buffer. Alias: the index of the node it stands for.
  var text: UInt32
  /// Scalar: the text's length in bytes. Collection: the number of children (a mapping counts keys and values).
  package var count: UInt32
  package var end: UInt32
  package var kind: Kind
  package var style: Style
  /// Whether `text` points into the side buffer.
  var isInSideBuffer: Bool

  package var isQuoted: Bool { style != .plain }
}

/// A node as it is reached: directly, or through aliases, whose `shift` moves its spans into the space of expansions (`SourceMap.expand`).
package struct NodeReference: Hashable, Sendable {
  package let index: UInt32
  package let shift: UInt32

  package init(index: UInt32, shift: UInt32 = 0) {
    self.index = index
    self.shift = shift
  }
}

/// `&name` and the node that it names.
package struct Anchor: Sendable {
  package var name: String
  /// The `&name` itself.
  package var span: Span
  package var node: UInt32
  package var uses: Int
  /// Nodes that an alias to it stands for, nested aliases expanded.
  var expandedCount: Int
  /// False while the node is still being read: an alias inside it would never end.
  var isComplete: Bool
}

/// A whole YAML document with exact spans.
package struct Tree: Sendable {
  package let file: SourceFile
  package internal(set) var nodes: [Node] = []
  package internal(set) var anchors: [Anchor] = []
  var sideBuffer: [UInt8] = []

  /// A tree without nodes; `parse` makes the others.
  package init(file: SourceFile) { self.file = file }

  package var root: NodeReference { NodeReference(index: 0) }
  package subscript(reference: NodeReference) -> Node { nodes[Int(reference.index)] }

  /// Where the user sees the node.
  package func span(_ reference: NodeReference) -> Span {
    let span = nodes[Int(reference.index)].span
    return Span(span.lower &+ reference.shift, span.upper &+ reference.shift)
  }

  /// The text of a scalar.
  package func text(_ reference: NodeReference) -> String {
    withText(reference) { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of a scalar's text.
  package func withText<Result>(_ reference: NodeReference, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let node = nodes[Int(reference.index)]
    guard node.kind == .scalar else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    let range = Int(node.text)..<Int(node.text) + Int(node.count)
    return (node.isInSideBuffer ? sideBuffer : file.bytes).withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  /// Whether a scalar's text is exactly this.
  package func matches(_ reference: NodeReference, _ text: StaticString) -> Bool {
    guard nodes[Int(reference.index)].count == text.utf8CodeUnitCount else { return false }
    return withText(reference) { bytes in
      let other = text.utf8Start
      for index in 0..<bytes.count where bytes[index] != other[index] { return false }
      return true
    }
  }

  /// Whether two scalars have the same text.
  func equal(_ left: UInt32, _ right: UInt32) -> Bool {
    guard nodes[Int(left)].count == nodes[Int(right)].count else { return false }
    return withText(NodeReference(index: left)) { a in
      withText(NodeReference(index: right)) { b in
        for index in 0..<a.count where a[index] != b[index] { return false }
        return true
      }
    }
  }

  /// The indices of a collection's children: for a mapping key, value, key, value…
  package func children(_ reference: NodeReference) -> ChildIndices {
    let node = nodes[Int(reference.index)]
    let isCollection = node.kind == .mapping || node.kind == .sequence
    return ChildIndices(tree: self, position: reference.index + 1, remaining: isCollection ? node.count : 0, shift: reference.shift)
  }

  package struct ChildIndices: Sequence, IteratorProtocol {
    let tree: Tree
    var position: UInt32
    var remaining: UInt32
    let shift: UInt32

    package mutating func next() -> NodeReference? {
      guard remaining > 0 else { return nil }
      remaining -= 1
      let index = position
      position = tree.nodes[Int(index)].end
      return NodeReference(index: index, shift: shift)
    }
  }

  /// The node that an alias stands for, without a span of its own for this use.
  package func target(of alias: NodeReference) -> NodeReference { NodeReference(index: nodes[Int(alias.index)].text) }

  /// The node that an alias stands for, any other node itself. A use of an alias gets spans of its own in the map.
  package func dereference(_ reference: NodeReference, _ map: inout SourceMap) -> NodeReference {
    let node = nodes[Int(reference.index)]
    guard node.kind == .alias else { return reference }
    let shift = map.expand(nodes[Int(node.text)].span, through: span(reference))
    return NodeReference(index: node.text, shift: shift)
  }

  /// Spans of all scalars, in file order: a comment is never looked for inside them.
  package var scalarSpans: [Span] { nodes.filter { $0.kind == .scalar && $0.count > 0 }.map(\.span) }
}
