/// A half-open range of UTF-8 byte offsets in the one offset space of a run.
///
/// The space holds the bytes of every file, one after another, and above `expansionFloor` the *uses* of YAML aliases: a node that is
/// read through an alias has a span there, which `SourceMap` resolves to the place of the use and the place of the definition.
/// So a `Located` value needs no second span, and a finding can name both places.
public struct Span: Hashable, Sendable {
  public var lower: UInt32
  public var upper: UInt32

  @inlinable public init(_ lower: UInt32, _ upper: UInt32) {
    self.lower = lower
    self.upper = upper
  }

  /// Stands where no place in a file exists (a finding about the run as a whole).
  public static let none = Span(.max, .max)
  /// Offsets from here up belong to uses of aliases, not to files.
  public static let expansionFloor: UInt32 = 1 << 31

  /// The smallest span that holds both.
  public func union(_ other: Span) -> Span { Span(min(lower, other.lower), max(upper, other.upper)) }
}

/// A value with the place in the topology that gave it.
public struct Located<Value> {
  public var value: Value
  public var span: Span

  @inlinable public init(_ value: Value, at span: Span) {
    self.value = value
    self.span = span
  }

  @inlinable public func map<Other>(_ transform: (Value) -> Other) -> Located<Other> { Located<Other>(transform(value), at: span) }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
