/// `9100` or `5250-5259`.
package struct PortRange: Hashable, Sendable, CustomStringConvertible {
  package var first: Int
  package var last: Int
  package init(_ first: Int, _ last: Int) {
    self.first = first
    self.last = last
  }
  package func contains(_ port: Int) -> Bool { first <= port && port <= last }
  package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
}
