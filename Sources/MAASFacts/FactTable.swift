/// A table of facts in the form in which `maasc facts` shows it.
package struct FactTable: Sendable {
  package enum Value: Hashable, Sendable {
    case none
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([String])
  }

  /// For programs: `regiond_options`.
  package let id: String
  package let title: String
  /// Where upstream it can be read again; nil: each row says it.
  package let source: String?
  /// For programs too: `since`.
  package let columns: [String]
  /// As many values in each as there are columns.
  package let rows: [[Value]]
}

extension FactTable.Value {
  init(_ text: String?) { self = text.map { .text($0) } ?? .none }
  init(_ number: Int?) { self = number.map { .integer($0) } ?? .none }
  init(_ version: MAASVersion?) { self.init(version?.description) }
  /// `5250-5259`
  init(_ range: ClosedRange<Int>) {
    self = .text(range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)")
  }
}
