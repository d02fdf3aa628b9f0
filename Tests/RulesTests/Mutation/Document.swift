import Diagnostics
import YAMLSyntax

/// A YAML document that can be changed and written again.
indirect enum Document: Equatable {
  case scalar(String, isQuoted: Bool)
  case list([Document])
  case mapping([Entry])

  struct Entry: Equatable {
    var key: String
    var value: Document
  }

  /// Nil for a document that does not parse or uses aliases.
  init?(_ text: String) {
    var sources = SourceMap()
    var findings = Findings()
    let file = sources.add(path: "document", bytes: Array(text.utf8))
    guard let tree = parse(file, &findings) else { return nil }
    let document = tree.withView { Document($0.root, in: $0) }
    guard let document else { return nil }
    self = document
  }

  private init?(_ node: NodeReference, in tree: TreeView) {
    let children = Self.children(of: node, in: tree)
    switch tree[node].kind {
    case .alias: return nil
    case .scalar: self = .scalar(tree.text(node), isQuoted: tree[node].isQuoted)
    case .sequence:
      let items = children.compactMap { Document($0, in: tree) }
      guard items.count == children.count else { return nil }
      self = .list(items)
    case .mapping:
      var entries: [Entry] = []
      for position in stride(from: 0, to: children.count, by: 2) {
        guard let value = Document(children[position + 1], in: tree) else { return nil }
        entries.append(Entry(key: tree.text(children[position]), value: value))
      }
      self = .mapping(entries)
    }
  }

  private static func children(of node: NodeReference, in tree: TreeView) -> [NodeReference] {
    guard tree[node].kind == .sequence || tree[node].kind == .mapping else { return [] }
    var result: [NodeReference] = []
    var child = tree.firstChild(node)
    for _ in 0..<tree[node].count {
      result.append(child)
      child = tree.after(child)
    }
    return result
  }

  /// Flow style, a top-level section to each line.
  var text: String {
    guard case .mapping(let sections) = self else { return flow + "\n" }
    return sections.map { "\($0.key): \($0.value.flow)\n" }.joined()
  }

  private var flow: String {
    switch self {
    case .scalar(let text, let isQuoted): isQuoted || text.contains(where: { ":{}[],#&*".contains($0) }) ? Self.quote(text) : text
    case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let entries): "{" + entries.map { "\(Self.quote($0.key)): \($0.value.flow)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quote(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "\n" ? "\\n" : String($0) }.joined() + "\""
  }
}
