/// The shape of a value in the topology language, recorded from the reader itself: the JSON Schema, the reference page and `explain` are
/// all made of it, so they cannot differ from what is read.
package indirect enum Schema: Sendable {
  /// A scalar that is read as text; `pattern` is an ECMA 262 regular expression for the whole text.
  case text(noun: String, pattern: String?, examples: [String], spellings: Spellings = .string)
  case integer(ClosedRange<Int>?)
  case number(noun: String, minimum: Double, maximum: Double)
  case boolean
  case choice([String])
  /// Exactly this integer.
  case constant(Int)
  case object(SchemaObject)
  /// A mapping whose keys are names.
  case named(key: Schema, keyNoun: String, value: Schema)
  case list(Schema)
  case either([Schema])
}

/// What a YAML parser without our types may take a text for: `zone: 5` is a number to it, `zone: no` a boolean.
package enum Spellings: Sendable {
  case string
  case stringOrNumber
  case anyScalar
}

package struct SchemaObject: Sendable {
  package var fields: [SchemaField]
  /// At least one of each group must be present.
  package var alternatives: [[String]]

  package init(fields: [SchemaField] = [], alternatives: [[String]] = []) {
    self.fields = fields
    self.alternatives = alternatives
  }
  /// An empty value stands for `{}`.
  package var allowsEmpty: Bool { alternatives.isEmpty && !fields.contains { $0.isRequired } }
}

package struct SchemaField: Sendable {
  package var key: String
  package var schema: Schema
  package var doc: String
  package var isRequired: Bool
}
