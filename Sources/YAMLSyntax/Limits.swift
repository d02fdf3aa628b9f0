/// What an input may cost. Beyond these a file is refused (M107).
package enum Limits {
  /// Bytes of one file.
  package static let fileSize = 64 << 20
  /// Collections inside each other.
  package static let depth = 64
  /// Nodes that aliases stand for, counted with nested aliases expanded.
  package static let aliasedNodes = 100_000
}
