package import Diagnostics

/// A value in force, and where it comes from: what `maasc explain` prints.
package struct Derived<Value> {
  package enum Origin: Sendable {
    /// Set in the file.
    case given(Span)
    /// Chosen; the reason in a few words.
    case chosen(String)
  }
  package var value: Value
  package var origin: Origin

  package init(given located: Located<Value>) {
    value = located.value
    origin = .given(located.span)
  }
  package init(_ value: Value, because reason: String) {
    self.value = value
    origin = .chosen(reason)
  }
  /// The given value, else the one a careful expert would choose.
  package init(_ located: Located<Value>?, else value: @autoclosure () -> Value, because reason: String) {
    if let located { self.init(given: located) } else { self.init(value(), because: reason) }
  }
  package var span: Span? {
    if case .given(let span) = origin { span } else { nil }
  }
}

extension Derived: Sendable where Value: Sendable {}
