/// What the language says about one key.
package struct KeyDocumentation: Sendable {
  /// With `*` for names: `regions.*.num_workers`.
  package var path: String
  package var doc: String
  package var isRequired: Bool
  /// Keys below it, when it is a mapping.
  package var keys: [String]
}

/// The documentation of a key given as `regions.infra-1.num_workers`, `regions.*.num_workers` or only `num_workers`: all keys that fit.
package func keyDocumentation(_ text: String) -> [KeyDocumentation] {
  var all: [KeyDocumentation] = []
  collect(topologySchema(), path: [], &all)
  let wanted = parts(of: text)
  return all.filter { fits(parts(of: $0.path), wanted) }
}

/// Paths of all keys, for suggestions.
package func allKeyPaths() -> [String] {
  var all: [KeyDocumentation] = []
  collect(topologySchema(), path: [], &all)
  return all.map(\.path)
}

private func parts(of path: String) -> [String] {
  path.split(separator: ".").map { part in String(part.prefix { $0 != "[" }) }
}

/// A path fits itself with names in place of `*`; a single word fits every key of that name.
private func fits(_ path: [String], _ wanted: [String]) -> Bool {
  if wanted.count == 1 { return path.last == wanted[0] }
  return path.count == wanted.count && zip(path, wanted).allSatisfy { $0 == "*" || $0 == $1 }
}

private func collect(_ schema: Schema, path: [String], _ all: inout [KeyDocumentation]) {
  switch schema {
  case .object(let object):
    for field in object.fields {
      let inner = path + [field.key]
      all.append(
        KeyDocumentation(path: inner.joined(separator: "."), doc: field.doc, isRequired: field.isRequired, keys: keys(of: field.schema)))
      collect(field.schema, path: inner, &all)
    }
  case .named(_, _, let value): collect(value, path: path + ["*"], &all)
  case .list(let item): collect(item, path: path, &all)
  case .either(let choices): for choice in choices { collect(choice, path: path, &all) }
  case .text, .integer, .number, .boolean, .choice, .constant: break
  }
}

private func keys(of schema: Schema) -> [String] {
  switch schema {
  case .object(let object): object.fields.map(\.key)
  case .named(_, _, let value), .list(let value): keys(of: value)
  case .either(let choices): choices.flatMap(keys)
  case .text, .integer, .number, .boolean, .choice, .constant: []
  }
}
