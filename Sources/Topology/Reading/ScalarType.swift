import Diagnostics

/// How one kind of scalar is read: the wanted type decides, never the look of the text.
struct ScalarType<Value> {
  /// What is wanted, for messages: `IP address`.
  var noun: String
  var schema: Schema
  var parse: (ScalarText, inout TopologyReader) -> Parsed<Value>
}

/// What became of a scalar.
enum Parsed<Value> {
  case value(Value)
  /// It cannot be read (M105). `reason` stands after "'text' is no NOUN"; `suggestion` is offered as an edit.
  case bad(reason: String = "", suggestion: String? = nil)
  /// A whole message of its own.
  case problem(RuleID, String, help: String?, suggestion: String?)
  /// Nothing more to say: the cause has been reported elsewhere.
  case poisoned
}

extension ScalarType {
  init(_ noun: String, schema: Schema, _ parse: @escaping (String) -> Value?) {
    self.init(noun: noun, schema: schema) { text, _ in parse(text.text).map(Parsed.value) ?? .bad() }
  }

  /// Another kind of value from the same text.
  func map<Other>(_ transform: @escaping (Value) -> Other?) -> ScalarType<Other> {
    ScalarType<Other>(noun: noun, schema: schema) { text, reader in
      switch parse(text, &reader) {
      case .value(let value): transform(value).map(Parsed.value) ?? .bad()
      case .bad(let reason, let suggestion): .bad(reason: reason, suggestion: suggestion)
      case .problem(let rule, let message, let help, let suggestion): .problem(rule, message, help: help, suggestion: suggestion)
      case .poisoned: .poisoned
      }
    }
  }
}
