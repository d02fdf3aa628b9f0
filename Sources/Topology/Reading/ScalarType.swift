import Diagnostics

/// How one kind of scalar is read: the wanted type decides, never the look of the text.
struct ScalarType<Value> {
  /// What is wanted, for messages: `IP address`.
  var noun: StaticString
  /// Made only when the language is recorded: a file has a million scalars.
  var schema: () -> Schema
  var parse: (ScalarView, inout TopologyReader) -> Parsed<Value>

  init(noun: StaticString, schema: @escaping @autoclosure () -> Schema, _ parse: @escaping (ScalarView, inout TopologyReader) -> Parsed<Value>) {
    self.noun = noun
    self.schema = schema
    self.parse = parse
  }
}

/// A scalar's bytes while it is read; no `String` is made unless the value is one.
struct ScalarView {
  let bytes: UnsafeBufferPointer<UInt8>
  let isQuoted: Bool
  var text: String { String(decoding: bytes, as: UTF8.self) }

  func equals(_ word: StaticString) -> Bool {
    guard bytes.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count where bytes[index] != word.utf8Start[index] { return false }
    return true
  }

  /// Null by the YAML 1.2 core schema: the value is missing.
  var isNull: Bool { !isQuoted && (bytes.isEmpty || equals("~") || equals("null") || equals("Null") || equals("NULL")) }
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
