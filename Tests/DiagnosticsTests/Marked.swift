import Diagnostics

/// A source map of one file, and spans found in it by their text.
struct Marked {
  var sources = SourceMap()
  private(set) var file: SourceFile

  init(_ text: String, path: String = "t.yaml") { self.init(bytes: Array(text.utf8), path: path) }

  init(bytes: [UInt8], path: String = "t.yaml") { file = sources.add(path: path, bytes: bytes) }

  /// The span of the `occurrence`th place where `text` stands.
  func span(_ text: String, _ occurrence: Int = 1) -> Span {
    let wanted = Array(text.utf8)
    var left = occurrence
    for start in file.bytes.indices where file.bytes[start...].starts(with: wanted) {
      left -= 1
      if left == 0 { return Span(file.base + UInt32(start), file.base + UInt32(start + wanted.count)) }
    }
    return .none
  }

  func report(_ diagnostics: Diagnostic..., limit: Int? = 100) -> FindingsReport { finalize(diagnostics, in: sources, limit: limit) }

  func text(_ diagnostics: Diagnostic..., columns: Int? = nil) -> String {
    var options = ReportOptions(toolVersion: "1.0.0")
    options.columns = columns
    let whole = render(finalize(diagnostics, in: sources), as: .text, rules: [], options: options)
    return whole
  }
}

extension Diagnostic {
  static func error(_ rule: UInt16 = 105, _ message: String = "no port", at span: Span, _ label: String = "") -> Diagnostic {
    Diagnostic(RuleID(rule), .error, message, at: span, label: label)
  }
}
