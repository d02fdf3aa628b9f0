import Glibc

/// A limit that the project keeps, and how it is measured: mostly as a ratio of whole processes that ran in turn, so that a busy machine
/// slows both.
struct Budget {
  var name: String
  var unit: String
  var limit: Double
  /// Runs the processes some times over and returns the figure, and what it was made of.
  var measure: () throws -> (value: Double, from: String)
}

extension [Budget] {
  /// Measures each, prints the table as it grows, and returns whether all are kept.
  func report() throws -> Bool {
    var isKept = true
    print(row("budget", "measured", "limit", "", ""))
    for budget in self {
      fflush(nil)
      let (value, from) = try budget.measure()
      isKept = isKept && value <= budget.limit
      print(row(budget.name, "\(rounded(value)) \(budget.unit)", rounded(budget.limit), value <= budget.limit ? "pass" : "FAIL", from))
    }
    return isKept
  }

  private func row(_ name: String, _ measured: String, _ limit: String, _ verdict: String, _ from: String) -> String {
    padded(name, 44) + padded(measured, 20) + padded(limit, 8) + padded(verdict, 6) + from
  }

  private func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: Swift.max(width - text.count, 1)) }
}

/// Two decimals.
func rounded(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let decimals = hundredths % 100
  return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
}

/// Microseconds as milliseconds.
func milliseconds(_ microseconds: Int) -> String { "\(rounded(Double(microseconds) / 1000)) ms" }
