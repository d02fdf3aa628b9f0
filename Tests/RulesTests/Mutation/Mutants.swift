/// One change of a good topology that a careful reader of it would object to.
struct Mutant: Sendable {
  /// What was done to which kind of place: `drop hosts.*.zone`.
  var kind: String
  /// The same with the place itself.
  var title: String
  var text: String
}

extension Document {
  /// All mutants of the sections named in `sections`.
  func mutants(in sections: Set<String>) -> [Mutant] {
    guard case .mapping(let entries) = self else { return [] }
    var result: [Mutant] = []
    let names = Names(self)
    for (position, entry) in entries.enumerated() where sections.contains(entry.key) {
      for change in entry.value.changes(at: [entry.key], names) {
        var copy = entries
        copy[position].value = change.document
        result.append(Mutant(kind: "\(change.operation) \(Self.shape(change))", title: change.title, text: Document.mapping(copy).text))
      }
    }
    return result
  }

  /// What the file declares, so that references are recognised.
  private struct Names {
    var declared: Set<String> = []
    var addresses: [String] = []

    init(_ document: Document) {
      guard case .mapping(let sections) = document else { return }
      for section in sections where ["hosts", "secrets"].contains(section.key) {
        guard case .mapping(let entries) = section.value else { continue }
        declared.formUnion(entries.map(\.key))
        guard section.key == "hosts" else { continue }
        for entry in entries {
          if case .mapping(let fields) = entry.value, case .scalar(let address, _)? = fields.first(where: { $0.key == "address" })?.value {
            addresses.append(address)
          }
        }
      }
    }
  }

  private struct Change {
    var operation: String
    var path: [String]
    var document: Document
    var title: String { "\(operation) \(path.joined(separator: "."))" }
  }

  private func changes(at path: [String], _ names: Names) -> [Change] {
    switch self {
    case .scalar(let text, let isQuoted): Self.scalarChanges(text, isQuoted, path, names)
    case .list(let items): Self.listChanges(items, path, names)
    case .mapping(let entries): Self.mappingChanges(entries, path, names)
    }
  }

  private static func mappingChanges(_ entries: [Entry], _ path: [String], _ names: Names) -> [Change] {
    var result: [Change] = []
    for (position, entry) in entries.enumerated() {
      var without = entries
      without.remove(at: position)
      result.append(Change(operation: "drop", path: path + [entry.key], document: .mapping(without)))
      for change in entry.value.changes(at: path + [entry.key], names) {
        var copy = entries
        copy[position].value = change.document
        result.append(Change(operation: change.operation, path: change.path, document: .mapping(copy)))
      }
    }
    return result
  }

  private static func listChanges(_ items: [Document], _ path: [String], _ names: Names) -> [Change] {
    var result: [Change] = []
    for (position, item) in items.enumerated() {
      if position > 0, case .scalar = item {
        var copy = items
        copy[position] = items[0]
        result.append(Change(operation: "repeat", path: path + ["\(position)"], document: .list(copy)))
      }
      for change in item.changes(at: path + ["\(position)"], names) {
        var copy = items
        copy[position] = change.document
        result.append(Change(operation: change.operation, path: change.path, document: .list(copy)))
      }
    }
    return result
  }

  private static func scalarChanges(_ text: String, _ isQuoted: Bool, _ path: [String], _ names: Names) -> [Change] {
    func change(_ operation: String, _ value: String) -> Change {
      Change(operation: operation, path: path, document: .scalar(value, isQuoted: false))
    }
    if !isQuoted, let number = Int(text) {
      return [0, -1, 1_000_000].filter { $0 != number }.map { change("set \($0)", "\($0)") }
    }
    if names.declared.contains(text) { return [change("dangle", "nobody")] }
    guard text.split(separator: ".").count == 4, text.allSatisfy({ $0.isNumber || $0 == "." || $0 == "/" }) else { return [] }
    let stolen = names.addresses.first { $0 != text }.map { change("steal", $0 + (text.contains("/") ? "/24" : "")) }
    return [change("break", "10.20.300.1")] + (stolen.map { [$0] } ?? [])
  }

  /// The path with what the user named left out: `hosts.*.zone`.
  private static func shape(_ change: Change) -> String {
    var parts = change.path
    let path = change.path
    // Whether a number is right differs between parameters; leaving one out is the same for all.
    let open =
      ["subnets", "addresses", "interfaces", "listens", "interface"]
      + (change.operation == "drop" ? ["options", "parameters", "settings", "backends", "timeouts"] : [])
    let named: [String: [Int]] = ["hosts": [1], "regions": [1], "racks": [1], "vm_hosts": [1], "secrets": [1], "fabrics": [1, 2]]
    for position in named[path[0]] ?? [] where position < parts.count { parts[position] = "*" }
    for position in parts.indices.dropFirst() {
      if open.contains(parts[position - 1]) { parts[position] = "*" }
      if Int(parts[position]) != nil { parts[position] = "[]" }
    }
    return parts.joined(separator: ".")
  }
}
