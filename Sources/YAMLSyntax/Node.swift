public import Diagnostics

/// One node of the tree, of a fixed size. A collection's children follow it directly; `end` is the index after its last descendant, so a
/// sibling is found without a link. A scalar's text is a slice of the file's bytes wherever it is the same bytes, else of a side buffer.
public struct Node: Sendable {
  public enum Kind: UInt8, Sendable { case scalar, sequence, mapping, alias }
  public enum Style: UInt8, Sendable { case plain, singleQuoted, doubleQuoted, literal, folded, block, flow }

  /// Of the value itself, without its anchor and tag; in the offset space of all files.
  public var span: Span
  /// Scalar: where the text begins, in the file or in the side buffer. Alias: the index of the node it stands for.
  public var text: UInt32
  /// Scalar: the text's length in bytes. Collection: the number of children (a mapping counts keys and values).
  public var count: UInt32
  public var end: UInt32
  public var kind: Kind
  public var style: Style
  /// Whether `text` points into the side buffer.
  public var isInSideBuffer: Bool

  @inlinable public var isQuoted: Bool { style != .plain }
}

/// A node as it is reached: directly, or through aliases, whose `shift` moves its spans into the space of expansions (`SourceMap.expand`).
public struct NodeReference: Hashable, Sendable {
  public let index: UInt32
  public let shift: UInt32

  @inlinable public init(index: UInt32, shift: UInt32 = 0) {
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

/// A whole YAML document with exact spans. Looked at through `withView`.
package struct Tree: Sendable {
  package let file: SourceFile
  var nodes: [Node] = []
  package internal(set) var anchors: [Anchor] = []
  var sideBuffer: [UInt8] = []

  /// A tree without nodes; `parse` makes the others.
  package init(file: SourceFile) { self.file = file }

  package var nodeCount: Int { nodes.count }

  /// Spans of all scalars, in file order: a comment is never looked for inside them.
  package var scalarSpans: [Span] { nodes.filter { $0.kind == .scalar && $0.count > 0 }.map(\.span) }

  /// Spans of all nodes, in file order of their beginnings: what a comment on a line of its own may cover.
  package var nodeSpans: [Span] { nodes.map(\.span) }

  /// Lends the tree's memory as plain pointers, which cost no reference counting; they must not leave `body`.
  package func withView<Result>(_ body: (TreeView) -> Result) -> Result {
    nodes.withUnsafeBufferPointer { nodes in
      file.bytes.withUnsafeBufferPointer { bytes in
        sideBuffer.withUnsafeBufferPointer { side in body(TreeView(nodes: nodes, bytes: bytes, sideBuffer: side)) }
      }
    }
  }
}
