package import Diagnostics

/// A YAML document to be written. Order is kept; every text is quoted, so that no reader takes it for a number, a boolean or a date.
package indirect enum YAMLValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// In double quotes.
  case text(String)
  /// A literal block (`|`) where the text allows one, else in double quotes: for scripts and files inside a document.
  case block(String)
  case secret(SecretPlaceholder)
  case sequence([YAMLItem])
  case mapping([YAMLEntry])

  package static func texts(_ values: [String], origin: Span? = nil) -> YAMLValue { .sequence(values.map { YAMLItem(.text($0), origin: origin) }) }
}

package struct YAMLItem: Sendable, Hashable {
  package var value: YAMLValue
  package var origin: Span?
  package init(_ value: YAMLValue, origin: Span? = nil) {
    self.value = value
    self.origin = origin
  }
}

package struct YAMLEntry: Sendable, Hashable {
  package var key: String
  package var value: YAMLValue
  package var origin: Span?
  package var comment: LineText?
  package init(_ key: String, _ value: YAMLValue, origin: Span? = nil, comment: LineText? = nil) {
    self.key = key
    self.value = value
    self.origin = origin
    self.comment = comment
  }
}

extension YAMLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: YAMLValue...) { self = .sequence(elements.map { YAMLItem($0) }) }
  /// A nil value leaves its key out.
  package init(dictionaryLiteral elements: (String, YAMLValue?)...) {
    self = .mapping(elements.compactMap { key, value in value.map { YAMLEntry(key, $0) } })
  }
}
