/// The reference page of the language, made of what the reader asks for.
package func topologyReferencePage() -> String {
  var page = ReferencePage()
  page.write(topologySchema(), path: "", title: "The top level")
  return page.text
}

private struct ReferencePage {
  private(set) var text = """
    # The topology language, key by key

    Generated from the reader by `maasc schema --format markdown`. An empty value stands for `{}` wherever all keys of a mapping are optional.
    `*` in a path stands for a name, `[]` for each item of a list.

    """

  /// One table for each mapping, then those inside it.
  mutating func write(_ schema: Schema, path: String, title: String) {
    guard case .object(let object) = schema else { return descend(schema, path: path) }
    text += "\n## \(title)\n\n| key | value | meaning |\n|---|---|---|\n"
    for field in object.fields {
      let needed = field.isRequired ? " **required**" : ""
      text += "| `\(field.key)` | \(describe(field.schema))\(needed) | \(cell(field.doc)) |\n"
    }
    for keys in object.alternatives { text += "\nAt least one of \(keys.map { "`\($0)`" }.joined(separator: ", ")) is required.\n" }
    for field in object.fields {
      let inner = path.isEmpty ? field.key : path + "." + field.key
      write(field.schema, path: inner, title: "`\(inner)`")
    }
  }

  private mutating func descend(_ schema: Schema, path: String) {
    switch schema {
    case .named(_, _, let value): write(value, path: path + ".*", title: "`\(path).*`")
    case .list(let item): write(item, path: path + "[]", title: "`\(path)[]`")
    case .either(let choices): for choice in choices { write(choice, path: path, title: "`\(path)`") }
    case .object, .text, .integer, .number, .boolean, .choice, .constant: break
    }
  }

  private func describe(_ schema: Schema) -> String {
    switch schema {
    case .text(let noun, _, let examples, _): examples.first.map { "\(noun), `\($0)`" } ?? noun
    case .integer(let range): range.map { "whole number, \($0.lowerBound) to \($0.upperBound)" } ?? "whole number"
    case .number(let noun, let minimum, let maximum): "\(noun), \(minimum) to \(Int(maximum))"
    case .boolean: "`true` or `false`"
    case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .constant(let number): "`\(number)`"
    case .object: "mapping"
    case .named(_, let noun, let value): "mapping from \(noun) to \(describe(value))"
    case .list(let item): "list of \(describe(item))"
    case .either(let choices): choices.map(describe).joined(separator: "; or ")
    }
  }

  private func cell(_ text: String) -> String { text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
}
