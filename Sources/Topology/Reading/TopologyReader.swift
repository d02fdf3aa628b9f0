import Diagnostics
import YAMLSyntax

/// Walks the tree and makes the model. It never stops at an error: each field is asked for first, and what is missing is decided at the end.
///
/// The same functions also run *without* a tree, to record the shape of the language (`Schema`): a field is declared by asking for it.
/// For that, a reading function asks for all its fields before it looks at any value.
struct TopologyReader {
  let tree: TreeView
  let file: SourceFile
  var map: SourceMap
  var findings: Findings
  var names: NameTables
  /// Where hosts and secrets are named, by their index.
  var declaredSpans: (hosts: [Span], secrets: [Span]) = ([], [])
  var losses = Losses()
  var entries: [Entry] = []
  var frames: [Frame] = []
  var asked: [StaticString] = []
  private var recorder: SchemaRecorder?

  /// A key and its value in the mapping that is open, merged ones included.
  struct Entry {
    var key: NodeReference
    var value: NodeReference
    var isUsed: Bool
  }

  struct Frame {
    var span: Span
    var firstEntry: Int
    var firstAsked: Int
    /// Groups of keys of which one is required and none is there; reported when the mapping is closed, unless one of them is only misspelt.
    var missing: [[StaticString]] = []
  }

  init(_ tree: TreeView, _ file: SourceFile, _ map: SourceMap) {
    self.tree = tree
    self.file = file
    self.map = map
    findings = Findings()
    names = NameTables()
  }

  // MARK: Fields

  /// A scalar under `key`; nil when it is absent or could not be read.
  mutating func scalar<Value>(_ key: StaticString, _ type: ScalarType<Value>, _ doc: StaticString, required: Bool = false) -> Located<Value>? {
    custom(key, recorder == nil ? nil : type.schema(), doc, required: required) { node, reader in reader.readScalar(node, type) }
  }

  /// A list of scalars; a single scalar is a wrong kind. Broken items are left out.
  mutating func list<Value>(_ key: StaticString, _ type: ScalarType<Value>, _ doc: StaticString) -> [Located<Value>] {
    optionalList(key, type, doc) ?? []
  }

  /// The same, where an empty list and an absent one mean different things.
  mutating func optionalList<Value>(
    _ key: StaticString, _ type: ScalarType<Value>, _ doc: StaticString, required: Bool = false
  ) -> [Located<Value>]? {
    custom(key, recorder == nil ? nil : .list(type.schema()), doc, required: required) { node, reader in
      reader.items(of: node) { item, reader in reader.readScalar(item, type) }
    }
  }

  /// The same with its place, for a list that says something by being empty: from the first item to the last, or the empty brackets.
  mutating func locatedList<Value>(_ key: StaticString, _ type: ScalarType<Value>, _ doc: StaticString) -> Located<[Located<Value>]>? {
    custom(key, recorder == nil ? nil : .list(type.schema()), doc) { node, reader in
      guard let items = reader.items(of: node, { item, reader in reader.readScalar(item, type) }) else { return nil }
      guard let first = items.first, let last = items.last else { return Located([], at: reader.tree.span(node)) }
      return Located(items, at: first.span.union(last.span))
    }
  }

  /// A scalar, or a list of them.
  mutating func oneOrMore<Value>(_ key: StaticString, _ type: ScalarType<Value>, _ doc: StaticString) -> [Located<Value>] {
    custom(key, recorder == nil ? nil : .either([type.schema(), .list(type.schema())]), doc) { node, reader in
      if reader.tree[node].kind == .sequence { return reader.items(of: node) { item, reader in reader.readScalar(item, type) } }
      return reader.readScalar(node, type).map { [$0] }
    } ?? []
  }

  /// A mapping with fields of its own, read by `body`, which gets the span of the mapping.
  mutating func mapping<Value>(
    _ key: StaticString, _ doc: StaticString, required: Bool = false, _ body: (Span, inout TopologyReader) -> Value?
  ) -> Value? {
    let schema = recorded { reader in _ = body(.none, &reader) }
    return custom(key, schema, doc, required: required) { node, reader in reader.readMapping(node, body) }
  }

  /// A list of mappings.
  mutating func mappings<Value>(
    _ key: StaticString, _ doc: StaticString, required: Bool = false, _ body: (Span, inout TopologyReader) -> Value?
  ) -> [Value] {
    let schema = recorded { reader in _ = body(.none, &reader) }
    return custom(key, schema.map(Schema.list), doc, required: required) { node, reader in
      reader.items(of: node) { item, reader in reader.readMapping(item, body) }
    } ?? []
  }

  /// A mapping from names to mappings. An entry whose name cannot be read is left out; so is one whose body gives nil.
  mutating func named<Key, Value>(
    _ key: StaticString, _ keyType: ScalarType<Key>, _ doc: StaticString, required: Bool = false,
    _ body: (Located<Key>?, Span, inout TopologyReader) -> Value?
  ) -> [Value]? {
    let schema = recorded { reader in _ = body(nil, .none, &reader) }
    return custom(
      key, schema.map { .named(key: keyType.schema(), keyNoun: "\(keyType.noun)", value: $0) }, doc, required: required
    ) { node, reader in
      reader.readNamed(node, keyType) { name, value, reader in
        reader.readMapping(value) { span, reader in body(name, span, &reader) }
      }
    }
  }

  /// A mapping from names to scalars.
  mutating func namedScalars<Key, Value>(
    _ key: StaticString, _ keyType: ScalarType<Key>, _ type: ScalarType<Value>, _ doc: StaticString, required: Bool = false
  ) -> [(key: Located<Key>, value: Located<Value>)]? {
    custom(
      key, recorder == nil ? nil : .named(key: keyType.schema(), keyNoun: "\(keyType.noun)", value: type.schema()), doc, required: required
    ) { node, reader in
      reader.readNamed(node, keyType) { name, value, reader in reader.readScalar(value, type).map { (name, $0) } }
    }
  }

  /// A value of any shape. `schema` nil: nothing is being recorded.
  mutating func custom<Value>(
    _ key: StaticString, _ schema: Schema?, _ doc: StaticString, required: Bool = false, _ body: (NodeReference, inout TopologyReader) -> Value?
  ) -> Value? {
    if recorder != nil {
      recorder?.add(SchemaField(key: "\(key)", schema: schema ?? .boolean, doc: "\(doc)", isRequired: required))
      return nil
    }
    asked.append(key)
    guard let entry = take(key) else {
      if required { noteMissing([key]) }
      return nil
    }
    let node = tree.dereference(entry.value, &map)
    return body(node, &self)
  }

  /// Declares that at least one of these keys must be present; reports it when none is.
  mutating func requireOne(of keys: [StaticString]) {
    if recorder != nil {
      recorder?.addAlternatives(keys.map { "\($0)" })
    } else if !keys.contains(where: { keySpan($0) != nil }) {
      noteMissing(keys)
    }
  }

  /// Where the key of the open mapping stands, if it is there.
  func keySpan(_ key: StaticString) -> Span? {
    guard let frame = frames.last else { return nil }
    return entries[frame.firstEntry...].first { tree.matches($0.key, key) }.map { tree.span($0.key) }
  }

  var isRecording: Bool { recorder != nil }
  /// A suggestion compares with every name there is; a file with more mistakes than anyone reads gets none for the rest.
  var isSuggesting: Bool { findings.diagnostics.count < 200 }

  /// Declares that `key` must be present in the case at hand.
  mutating func require(_ key: StaticString, _ isPresent: Bool) {
    if !isRecording, !isPresent { noteMissing([key]) }
  }

  /// Keys of the open mapping that do not belong to the mode that is chosen.
  mutating func reportForeignKeys(of mode: String, _ keys: [StaticString]) {
    for key in keys {
      if let span = keySpan(key) {
        report(.unknownKey, "the key '\(key)' does not belong to mode \(mode)", span, help: "remove it, or change the mode")
      }
    }
  }

  // MARK: Nodes

  func isScalar(_ node: NodeReference) -> Bool { tree[node].kind == .scalar }
  /// Also through an alias.
  func isList(_ node: NodeReference) -> Bool {
    tree[node].kind == .sequence || tree[node].kind == .alias && tree[tree.target(of: node)].kind == .sequence
  }
  /// The bytes of a span in this file; empty for one that was read through an alias.
  func text(at span: Span) -> String { span.lower < Span.expansionFloor ? file.text(span) : "" }

  mutating func readScalar<Value>(_ reference: NodeReference, _ type: ScalarType<Value>) -> Located<Value>? {
    let node = tree.dereference(reference, &map)
    guard tree[node].kind == .scalar else {
      reportWrongKind(node, wanted: "\(article("\(type.noun)")) \(type.noun)")
      return nil
    }
    let span = tree.span(node)
    let isQuoted = tree[node].isQuoted
    let view = ScalarView(bytes: tree.bytes(node), isQuoted: isQuoted)
    let parsed = view.isNull ? nil : type.parse(view, &self)
    if case .value(let value)? = parsed { return Located(value, at: span) }
    report(parsed, type.noun, node)
    return nil
  }

  private mutating func report<Value>(_ parsed: Parsed<Value>?, _ noun: StaticString, _ node: NodeReference) {
    let span = tree.span(node)
    switch parsed {
    case .value, .poisoned: break
    case .bad(let reason, let suggestion):
      let message = "'\(shortened(tree.text(node)))' is no \(noun)" + (reason.isEmpty ? "" : ", " + reason)
      report(.badValue, message, span, suggestion: suggestion)
    case .problem(let rule, let message, let help, let suggestion):
      if rule == .undefinedReference, isSuggesting { losses.undefined.append(tree.text(node)) }
      if rule == .undefinedReference, suggestion == nil { losses.hasReferences = true }
      report(rule, message, span, help: help, suggestion: suggestion)
    case nil:
      losses.hasReferences = true
      findings.report(Diagnostic(.wrongKind, .error, "a value is missing here, wanted is \(article("\(noun)")) \(noun)", at: span))
    }
  }

  /// Opens a mapping, reads it, and reports the keys that nobody asked for. An empty value stands for `{}`.
  mutating func readMapping<Value>(_ reference: NodeReference, _ body: (Span, inout TopologyReader) -> Value?) -> Value? {
    let node = tree.dereference(reference, &map)
    guard tree[node].kind == .mapping || isEmpty(node) else {
      reportWrongKind(node, wanted: "a mapping")
      return nil
    }
    frames.append(Frame(span: tree.span(node), firstEntry: entries.count, firstAsked: asked.count))
    pushEntries(of: node)
    let value = body(tree.span(node), &self)
    reportUnknownKeys()
    if let frame = frames.popLast() {
      entries.removeSubrange(frame.firstEntry...)
      asked.removeSubrange(frame.firstAsked...)
    }
    return value
  }

  mutating func readNamed<Key, Value>(
    _ reference: NodeReference, _ keyType: ScalarType<Key>, _ body: (Located<Key>, NodeReference, inout TopologyReader) -> Value?
  ) -> [Value]? {
    let node = tree.dereference(reference, &map)
    guard tree[node].kind == .mapping || isEmpty(node) else {
      reportWrongKind(node, wanted: "a mapping")
      return nil
    }
    let first = entries.count
    pushEntries(of: node)
    let end = entries.count
    var result: [Value] = []
    result.reserveCapacity(end - first)
    // Reading an entry pushes above `end` and takes away what it pushed, so the indices hold.
    for index in first..<end {
      let entry = entries[index]
      if reportMisplaced(entry) { continue }
      guard let name = readScalar(entry.key, keyType), let value = body(name, entry.value, &self) else {
        losses.count += 1
        continue
      }
      result.append(value)
    }
    entries.removeSubrange(first...)
    return result
  }

  mutating func items<Value>(of reference: NodeReference, _ body: (NodeReference, inout TopologyReader) -> Value?) -> [Value]? {
    let node = tree.dereference(reference, &map)
    guard tree[node].kind == .sequence || isEmpty(node) else {
      let isDash = tree[node].kind == .scalar && !tree[node].isQuoted && tree.text(node).hasPrefix("-")
      reportWrongKind(node, wanted: "a list", help: isDash ? "put a space after each '-'" : nil)
      return nil
    }
    var result: [Value] = []
    guard tree[node].kind == .sequence else { return result }
    result.reserveCapacity(Int(tree[node].count))
    var item = tree.firstChild(node)
    for _ in 0..<tree[node].count {
      if let value = body(item, &self) { result.append(value) } else { losses.count += 1 }
      item = tree.after(item)
    }
    return result
  }

  /// Keys of a mapping and their values without reading them: for names that must be known before what they name is read.
  mutating func peek(_ reference: NodeReference) -> [Entry] {
    guard !isRecording else { return [] }
    let node = tree.dereference(reference, &map)
    guard tree[node].kind == .mapping else { return [] }
    let first = entries.count
    pushEntries(of: node, silent: true)
    defer { entries.removeSubrange(first...) }
    return Array(entries[first...])
  }

  func isEmpty(_ node: NodeReference) -> Bool {
    let isQuoted = tree[node].isQuoted
    return tree[node].kind == .scalar && ScalarView(bytes: tree.bytes(node), isQuoted: isQuoted).isNull
  }

  // MARK: Entries

  private mutating func take(_ key: StaticString) -> Entry? {
    guard let frame = frames.last else { return nil }
    for index in frame.firstEntry..<entries.count where tree.matches(entries[index].key, key) {
      entries[index].isUsed = true
      return entries[index]
    }
    return nil
  }

  /// The mapping's own keys first: a local key wins over a merged one. Of keys that stand twice the first counts.
  private mutating func pushEntries(of node: NodeReference, silent: Bool = false) {
    guard tree[node].kind == .mapping else { return }
    let first = entries.count
    var merges: [NodeReference] = []
    var next = tree.firstChild(node)
    for _ in 0..<tree[node].count / 2 {
      let key = next
      let value = tree.after(key)
      next = tree.after(value)
      guard tree[key].kind == .scalar else {
        if !silent { reportWrongKind(key, wanted: "a name as key") }
        continue
      }
      if tree.matches(key, "<<"), !tree[key].isQuoted {
        merges.append(value)
      } else {
        entries.append(Entry(key: key, value: value, isUsed: false))
      }
    }
    guard let merge = merges.first else { return }
    let target = tree.dereference(merge, &map)
    switch tree[target].kind {
    case .mapping: pushMerged(target, over: first)
    case .sequence:
      var item = tree.firstChild(target)
      for _ in 0..<tree[target].count {
        let mapping = tree.dereference(item, &map)
        item = tree.after(item)
        if tree[mapping].kind == .mapping {
          pushMerged(mapping, over: first)
        } else if !silent {
          reportWrongKind(mapping, wanted: "a mapping to merge")
        }
      }
    default: if !silent { reportWrongKind(target, wanted: "a mapping to merge") }
    }
  }

  /// Merged keys that the mapping, whose entries begin at `first`, does not have already.
  private mutating func pushMerged(_ mapping: NodeReference, over first: Int) {
    let before = entries.count
    pushEntries(of: mapping, silent: true)
    // Quadratic in the keys of one mapping, which merging keeps small.
    var kept = before
    for index in before..<entries.count {
      let text = tree.text(entries[index].key)
      if entries[first..<before].contains(where: { tree.text($0.key) == text }) { continue }
      entries[kept] = entries[index]
      kept += 1
    }
    entries.removeSubrange(kept...)
  }

  // MARK: Recording

  /// The shape of a mapping, when the language is being recorded; nil when a file is being read.
  mutating func recorded(_ body: (inout TopologyReader) -> Void) -> Schema? {
    guard recorder != nil else { return nil }
    recorder?.begin()
    body(&self)
    return recorder?.end()
  }

  /// Runs a reading function without a file and returns the fields that it asked for.
  static func record(_ body: (inout TopologyReader) -> Void) -> Schema {
    var map = SourceMap()
    let file = map.add(path: "", bytes: [])
    return Tree(file: file).withView { view in
      var reader = TopologyReader(view, file, map)
      reader.recorder = SchemaRecorder()
      return reader.recorded(body) ?? .boolean
    }
  }
}

/// Collects fields while the language is recorded.
struct SchemaRecorder {
  private var open: [SchemaObject] = []
  mutating func begin() { open.append(SchemaObject()) }
  mutating func end() -> Schema { .object(open.popLast() ?? SchemaObject()) }
  mutating func add(_ field: SchemaField) {
    guard !open.isEmpty, !open[open.count - 1].fields.contains(where: { $0.key == field.key }) else { return }
    open[open.count - 1].fields.append(field)
  }
  mutating func addAlternatives(_ keys: [String]) { if !open.isEmpty { open[open.count - 1].alternatives.append(keys) } }
}
