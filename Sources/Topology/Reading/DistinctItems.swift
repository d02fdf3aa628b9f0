import Diagnostics

extension TopologyReader {
  /// Leaves out what stands in a list of references for the second time, and reports it.
  mutating func distinct<ID: Hashable>(_ items: [Located<ID>], _ noun: String) -> [Located<ID>] {
    var first: [ID: Span] = [:]
    return items.filter { item in
      guard let place = first[item.value] else {
        first[item.value] = item.span
        return true
      }
      findings.report(
        Diagnostic(
          .duplicateKey, .error, "this \(noun) stands twice in the list", at: item.span, label: "again here", secondary: [Label(place, "first here")],
          help: "remove one of them"))
      return false
    }
  }
}
