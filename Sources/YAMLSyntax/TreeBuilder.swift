import CLibYAML
import Diagnostics

/// Feeds libyaml's events into a tree. The only place that holds a libyaml parser.
struct TreeBuilder {
  private typealias Event = UnsafePointer<yaml_event_t>

  private(set) var tree: Tree
  private var nodes: [Node] = []
  /// The innermost collection whose end has not come yet; at first the document itself.
  private var current = OpenCollection(index: 0, anchor: nil, aliasedBefore: 0)
  /// Those around it.
  private var outer: [OpenCollection] = []
  private var offsets: CharacterOffsets
  /// The last anchor of each name, for look-ups only.
  private var anchorsByName: [String: Int] = [:]
  private var aliasedNodes = 0
  private var documents = 0

  private struct OpenCollection {
    var index: UInt32
    var anchor: Int?
    var aliasedBefore: Int
    var count: UInt32 = 0
    var lastChild: UInt32 = 0
  }

  init(_ file: SourceFile) {
    tree = Tree(file: file)
    offsets = file.bytes.withUnsafeBufferPointer { CharacterOffsets($0) }
    // A typical file has a node for every nine bytes; growing an array of this size would need its memory twice.
    nodes.reserveCapacity(file.bytes.count / 9 + 16)
  }

  mutating func run() throws(SyntaxError) {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      throw SyntaxError(diagnostic: Diagnostic(.yamlSyntax, .error, "the YAML parser could not be started", at: tree.file.span))
    }
    defer { yaml_parser_delete(&parser) }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    // The array outlives the parser: `tree` holds it, and `bytes` is a reference to the same storage.
    let bytes = tree.file.bytes
    let failure = bytes.withUnsafeBufferPointer { buffer -> SyntaxError? in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      do throws(SyntaxError) {
        try consume(&parser, buffer)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    tree.nodes = nodes
  }

  private mutating func consume(_ parser: inout yaml_parser_t, _ bytes: UnsafeBufferPointer<UInt8>) throws(SyntaxError) {
    let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
    defer { event.deallocate() }
    while true {
      guard yaml_parser_parse(&parser, event) == 1 else { throw syntaxError(parser, bytes) }
      defer { yaml_event_delete(event) }
      switch event.pointee.type {
      case YAML_SCALAR_EVENT: try addScalar(event, bytes)
      case YAML_MAPPING_START_EVENT: try begin(.mapping, event, bytes)
      case YAML_SEQUENCE_START_EVENT: try begin(.sequence, event, bytes)
      case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: end(event, bytes)
      case YAML_ALIAS_EVENT: try addAlias(event, bytes)
      case YAML_DOCUMENT_START_EVENT: try beginDocument(event, bytes)
      case YAML_STREAM_END_EVENT: return
      default: break
      }
    }
  }

  private mutating func beginDocument(_ event: Event, _ bytes: UnsafeBufferPointer<UInt8>) throws(SyntaxError) {
    documents += 1
    guard documents > 1 else { return }
    let start = offset(event.pointee.start_mark, bytes)
    throw SyntaxError(
      diagnostic: Diagnostic(
        .limits, .error, "a second document begins here, a topology is one document", at: span(start, min(start + 3, bytes.count)),
        help: "keep one installation to a file; check takes several files"))
  }

  // MARK: Nodes

  private mutating func addScalar(_ event: Event, _ bytes: UnsafeBufferPointer<UInt8>) throws(SyntaxError) {
    var lower = offset(event.pointee.start_mark, bytes)
    var upper = offset(event.pointee.end_mark, bytes)
    let index = UInt32(nodes.count)
    let style = Self.style(maasc_scalar_style(event))
    let length = maasc_scalar_length(event)
    let hasProperties = maasc_anchor(event) != nil || maasc_tag(event) != nil
    if hasProperties { lower = try addProperties(of: event, from: lower, upper: upper, node: index, bytes) }
    if style == .literal || style == .folded { upper = Self.trimmedEnd(lower, upper, bytes) }
    if hasProperties, let anchor = tree.anchors.indices.last, tree.anchors[anchor].node == index { tree.anchors[anchor].isComplete = true }
    var node = Node(
      span: span(lower, max(lower, upper)), text: 0, count: UInt32(length), end: index + 1, kind: .scalar, style: style,
      isInSideBuffer: false)
    let inner = style == .singleQuoted || style == .doubleQuoted ? lower + 1 : lower
    if inner + length <= bytes.count, let start = bytes.baseAddress, maasc_scalar_is(event, start + inner) != 0 {
      node.text = UInt32(inner)
    } else {
      node.text = UInt32(tree.sideBuffer.count)
      node.isInSideBuffer = true
      tree.sideBuffer.append(contentsOf: UnsafeBufferPointer(start: maasc_scalar_value(event), count: length))
    }
    append(node)
  }

  private mutating func begin(_ kind: Node.Kind, _ event: Event, _ bytes: UnsafeBufferPointer<UInt8>) throws(SyntaxError) {
    var lower = offset(event.pointee.start_mark, bytes)
    let index = UInt32(nodes.count)
    if outer.count >= Limits.depth {
      throw SyntaxError(
        diagnostic: Diagnostic(
          .limits, .error, "nested more than \(Limits.depth) levels deep, a topology needs about ten", at: span(lower, lower + 1)))
    }
    var anchorIndex: Int?
    if maasc_anchor(event) != nil || maasc_tag(event) != nil {
      lower = try addProperties(of: event, from: lower, upper: bytes.count, node: index, bytes)
      if maasc_anchor(event) != nil { anchorIndex = tree.anchors.count - 1 }
    }
    let isFlow = lower < bytes.count && (bytes[lower] == UInt8(ascii: "{") || bytes[lower] == UInt8(ascii: "["))
    append(
      Node(
        span: span(lower, lower), text: 0, count: 0, end: index + 1, kind: kind, style: isFlow ? .flow : .block, isInSideBuffer: false))
    outer.append(current)
    current = OpenCollection(index: index, anchor: anchorIndex, aliasedBefore: aliasedNodes)
  }

  /// A flow collection ends at its bracket. A block collection's own mark is the next token, so it ends where its last child does, and
  /// a block mapping begins with its first key, not with its anchor.
  private mutating func end(_ event: Event, _ bytes: UnsafeBufferPointer<UInt8>) {
    guard let around = outer.popLast() else { return }
    let closed = current
    current = around
    let index = Int(closed.index)
    var node = nodes[index]
    node.count = closed.count
    node.end = UInt32(nodes.count)
    if node.style == .flow {
      node.span.upper = tree.file.base + UInt32(offset(event.pointee.end_mark, bytes))
    } else if closed.count > 0 {
      node.span.upper = max(node.span.lower, nodes[Int(closed.lastChild)].span.upper)
      if node.kind == .mapping { node.span.lower = nodes[index + 1].span.lower }
    }
    nodes[index] = node
    if let anchor = closed.anchor {
      tree.anchors[anchor].isComplete = true
      tree.anchors[anchor].expandedCount = nodes.count - index + aliasedNodes - closed.aliasedBefore
    }
  }

  private mutating func addAlias(_ event: Event, _ bytes: UnsafeBufferPointer<UInt8>) throws(SyntaxError) {
    let lower = offset(event.pointee.start_mark, bytes)
    let upper = offset(event.pointee.end_mark, bytes)
    let name = String(cString: maasc_alias_name(event))
    guard let anchor = anchorsByName[name] else {
      throw SyntaxError(
        diagnostic: Diagnostic(.yamlSyntax, .error, "the anchor of *\(name) is not defined before it is used", at: span(lower, upper)))
    }
    guard tree.anchors[anchor].isComplete else {
      throw SyntaxError(
        diagnostic: Diagnostic(
          .yamlSyntax, .error, "*\(name) stands inside the value that &\(name) names, so it would never end", at: span(lower, upper),
          secondary: [Label(tree.anchors[anchor].span, "the anchor")]))
    }
    tree.anchors[anchor].uses += 1
    aliasedNodes += tree.anchors[anchor].expandedCount
    guard aliasedNodes <= Limits.aliasedNodes else {
      throw SyntaxError(
        diagnostic: Diagnostic(
          .limits, .error, "aliases stand for more than 100,000 nodes, the limit", at: span(lower, upper),
          secondary: [Label(tree.anchors[anchor].span, "this anchor alone stands for \(tree.anchors[anchor].expandedCount)")]))
    }
    let index = UInt32(nodes.count)
    append(
      Node(
        span: span(lower, upper), text: tree.anchors[anchor].node, count: 0, end: index + 1, kind: .alias, style: .plain,
        isInSideBuffer: false))
  }

  /// They say what a topology's reader decides by the key, so they do no harm.
  private static let coreTags = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq"]

  /// Notes the anchor, refuses tags that mean nothing here, and returns where the value itself begins.
  private mutating func addProperties(
    of event: Event, from lower: Int, upper: Int, node: UInt32, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(SyntaxError) -> Int {
    var position = lower
    while position < upper, bytes[position] == UInt8(ascii: "&") || bytes[position] == UInt8(ascii: "!") {
      let start = position
      while position < upper, !Self.isBlank(bytes[position]) { position += 1 }
      if bytes[start] == UInt8(ascii: "!"), !Self.coreTags.contains(where: { $0.utf8.elementsEqual(bytes[start..<position]) }) {
        throw SyntaxError(
          diagnostic: Diagnostic(
            .yamlSyntax, .error, "the tag \(String(decoding: bytes[start..<position], as: UTF8.self)) means nothing here",
            at: span(start, position), help: "remove it; the key decides how a value is read"))
      }
      if bytes[start] == UInt8(ascii: "&"), let anchor = maasc_anchor(event) {
        let name = String(cString: anchor)
        anchorsByName[name] = tree.anchors.count
        tree.anchors.append(Anchor(name: name, span: span(start, position), node: node, uses: 0, expandedCount: 1, isComplete: false))
      }
      position = Self.skipSpaceAndComments(position, upper, bytes)
    }
    return position
  }

  private mutating func append(_ node: Node) {
    current.count += 1
    current.lastChild = UInt32(nodes.count)
    nodes.append(node)
  }

  // MARK: Offsets

  private mutating func offset(_ mark: yaml_mark_t, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    offsets.byteOffset(of: mark.index, in: bytes)
  }

  /// Clamped: an explanation may point one past the end of the file.
  private func span(_ lower: Int, _ upper: Int) -> Span {
    let count = tree.file.bytes.count
    return Span(tree.file.base + UInt32(min(lower, count)), tree.file.base + UInt32(min(upper, count)))
  }

  private mutating func syntaxError(_ parser: yaml_parser_t, _ bytes: UnsafeBufferPointer<UInt8>) -> SyntaxError {
    let problem = parser.problem.map { String(cString: $0) } ?? ""
    let context = parser.context.map { String(cString: $0) } ?? ""
    // The reader, who looks at bytes before there are tokens, has no mark.
    let place = parser.error == YAML_READER_ERROR ? Int(parser.problem_offset) : offset(parser.problem_mark, bytes)
    let contextPlace = context.isEmpty ? nil : offset(parser.context_mark, bytes)
    let explanation = SyntaxExplanation(problem: problem, context: context, place: place, contextPlace: contextPlace, bytes: bytes)
    return SyntaxError(
      diagnostic: Diagnostic(
        .yamlSyntax, .error, explanation.message, at: span(explanation.range.lowerBound, explanation.range.upperBound),
        secondary: explanation.context.map { [Label(span($0.range.lowerBound, $0.range.upperBound), $0.text)] } ?? [],
        help: explanation.help))
  }

  // MARK: Bytes

  private static func style(_ style: yaml_scalar_style_t) -> Node.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  /// A literal scalar ends at the next token; its span ends with its last character.
  private static func trimmedEnd(_ lower: Int, _ upper: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = upper
    while end > lower, isBlank(bytes[end - 1]) { end -= 1 }
    return end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

  private static func skipSpaceAndComments(_ start: Int, _ upper: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var position = start
    while position < upper {
      if isBlank(bytes[position]) {
        position += 1
      } else if bytes[position] == UInt8(ascii: "#") {
        while position < upper, bytes[position] != 10 { position += 1 }
      } else {
        break
      }
    }
    return position
  }
}
