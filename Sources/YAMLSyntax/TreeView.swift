public import Diagnostics

/// A tree while it is read. Valid only inside `Tree.withView`.
public struct TreeView {
  public let nodes: UnsafeBufferPointer<Node>
  public let bytes: UnsafeBufferPointer<UInt8>
  public let sideBuffer: UnsafeBufferPointer<UInt8>

  package var root: NodeReference { NodeReference(index: 0) }
  package var isEmpty: Bool { nodes.isEmpty }

  @inlinable public subscript(reference: NodeReference) -> Node { nodes[Int(reference.index)] }

  /// Where the user sees the node.
  @inlinable public func span(_ reference: NodeReference) -> Span {
    let span = nodes[Int(reference.index)].span
    return Span(span.lower &+ reference.shift, span.upper &+ reference.shift)
  }

  /// The bytes of a scalar's text; empty for another node.
  @inlinable public func bytes(_ reference: NodeReference) -> UnsafeBufferPointer<UInt8> {
    let node = nodes[Int(reference.index)]
    guard node.kind == .scalar else { return UnsafeBufferPointer(start: nil, count: 0) }
    let range = Int(node.text)..<Int(node.text) + Int(node.count)
    return UnsafeBufferPointer(rebasing: (node.isInSideBuffer ? sideBuffer : bytes)[range])
  }

  /// The text of a scalar.
  package func text(_ reference: NodeReference) -> String { String(decoding: bytes(reference), as: UTF8.self) }

  /// Whether a scalar's text is exactly this.
  @inlinable public func matches(_ reference: NodeReference, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard nodes[Int(reference.index)].count == count else { return false }
    let own = bytes(reference)
    for index in 0..<min(count, own.count) where own[index] != text.utf8Start[index] { return false }
    return own.count == count
  }

  /// Whether two scalars have the same text.
  package func equal(_ left: NodeReference, _ right: NodeReference) -> Bool {
    guard self[left].count == self[right].count, self[left].kind == .scalar, self[right].kind == .scalar else { return false }
    let a = bytes(left)
    let b = bytes(right)
    for index in 0..<a.count where a[index] != b[index] { return false }
    return true
  }

  /// The first child of a collection; there is one only if its `count` is not 0.
  @inlinable public func firstChild(_ reference: NodeReference) -> NodeReference {
    NodeReference(index: reference.index + 1, shift: reference.shift)
  }

  /// What follows a node and its descendants: its sibling, if it has one.
  @inlinable public func after(_ reference: NodeReference) -> NodeReference {
    NodeReference(index: nodes[Int(reference.index)].end, shift: reference.shift)
  }

  /// The node that an alias stands for, without a span of its own for this use.
  package func target(of alias: NodeReference) -> NodeReference { NodeReference(index: self[alias].text) }

  /// The node that an alias stands for, any other node itself. A use of an alias gets spans of its own in the map.
  package func dereference(_ reference: NodeReference, _ map: inout SourceMap) -> NodeReference {
    self[reference].kind == .alias ? expand(reference, &map) : reference
  }

  private func expand(_ alias: NodeReference, _ map: inout SourceMap) -> NodeReference {
    let target = self[alias].text
    return NodeReference(index: target, shift: map.expand(nodes[Int(target)].span, through: span(alias)))
  }
}
