package import Diagnostics

/// The topology language as a JSON Schema (draft 7, which every YAML language server reads), for completion and hover texts.
///
/// It accepts whatever the reader accepts. In the other direction it finds every wrong key, wrong kind and missing key; what needs
/// arithmetic or the rest of the file (addresses, references) is the reader's alone.
package func topologyJSONSchema() -> JSON {
  var root = JSONSchemaWriter().json(topologySchema())
  guard case .object(let members) = root else { return root }
  root = .object(
    [
      JSON.Member("$schema", "http://json-schema.org/draft-07/schema#"), JSON.Member("title", "maasc topology, version 1"),
      JSON.Member("description", "One installation of MAAS: what `maasc check` reads and `maasc compile` turns into a bundle."),
    ] + members)
  return root
}

private struct JSONSchemaWriter {
  func json(_ schema: Schema) -> JSON {
    switch schema {
    case .text(_, let pattern, let examples, let spellings):
      return ["type": type(spellings), "pattern": pattern.map(JSON.string), "examples": examples.isEmpty ? nil : .array(examples.map(JSON.string))]
    case .integer(let range):
      return ["type": "integer", "minimum": range.map { .integer($0.lowerBound) }, "maximum": range.map { .integer($0.upperBound) }]
    case .number(_, _, let maximum): return ["type": "number", "exclusiveMinimum": 0, "maximum": .integer(Int(maximum))]
    case .boolean: return ["type": "boolean"]
    case .choice(let words): return ["enum": .array(words.map(JSON.string))]
    case .constant(let number): return ["const": .integer(number)]
    case .object(let object): return self.object(object)
    case .named(let key, _, let value):
      return ["type": ["object", "null"], "propertyNames": names(key), "additionalProperties": json(value)]
    case .list(let item): return ["type": ["array", "null"], "items": json(item)]
    case .either(let choices): return ["anyOf": .array(choices.map(json))]
    }
  }

  private func object(_ object: SchemaObject) -> JSON {
    let required = object.fields.filter(\.isRequired).map { JSON.string($0.key) }
    let alternatives = object.alternatives.map { keys -> JSON in
      ["anyOf": .array(keys.map { ["required": [JSON.string($0)]] })]
    }
    return [
      "type": object.allowsEmpty ? ["object", "null"] : "object", "additionalProperties": false,
      "required": required.isEmpty ? nil : .array(required), "allOf": alternatives.isEmpty ? nil : .array(alternatives),
      "properties": .object(object.fields.map { JSON.Member($0.key, field($0)) } + [JSON.Member("<<", ["description": "Merge key."])]),
    ]
  }

  private func field(_ field: SchemaField) -> JSON {
    guard case .object(let members) = json(field.schema) else { return json(field.schema) }
    return .object([JSON.Member("description", .string(field.doc))] + members)
  }

  /// Keys reach a validator as text, whatever they look like.
  private func names(_ key: Schema) -> JSON {
    guard case .text(_, let pattern?, _, _) = key else { return [:] }
    return ["anyOf": [["pattern": .string(pattern)], ["const": "<<"]]]
  }

  private func type(_ spellings: Spellings) -> JSON {
    switch spellings {
    case .string: "string"
    case .stringOrNumber: ["string", "number"]
    case .anyScalar: ["string", "number", "boolean"]
    }
  }
}
