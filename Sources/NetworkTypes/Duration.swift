/// A length of time as HAProxy writes it, kept in milliseconds.
package struct Duration: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let milliseconds: Int
  package init(milliseconds: Int) { self.milliseconds = milliseconds }
  package static func seconds(_ count: Int) -> Duration { Duration(milliseconds: count * 1000) }
  package static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
  package static func < (left: Duration, right: Duration) -> Bool { left.milliseconds < right.milliseconds }
  /// The largest unit that loses nothing: `24h`, `900s`, `300ms`. Minutes are not used, since 900s is what people search for.
  package var description: String {
    if milliseconds % 3_600_000 == 0, milliseconds > 0 { return "\(milliseconds / 3_600_000)h" }
    if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)s" }
    return "\(milliseconds)ms"
  }
}
