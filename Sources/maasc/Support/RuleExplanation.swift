import Diagnostics
import Rules

/// A rule for the terminal: what, why, examples, and how to live with it.
enum RuleExplanation {
  static func text(_ rule: Rule) -> String {
    var lines = ["\(rule.id) \(rule.name) (\(rule.severity.rawValue))", "", rule.summary, "", rule.why]
    for example in rule.examples {
      let verdict =
        switch example.expectation {
        case .fires(let severity): "\(severity.rawValue): "
        case .silent: "fine: "
        }
      lines += ["", verdict + example.title]
      for yaml in example.yaml { lines += yaml.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + marked(String($0)) } }
    }
    lines += ["", suppression(rule), ""]
    return lines.joined(separator: "\n")
  }

  private static func marked(_ line: String) -> String { String(line.map { $0 == "⟦" ? "»" : $0 == "⟧" ? "«" : $0 }) }

  private static func suppression(_ rule: Rule) -> String {
    if rule.severity == .error, rule.nature == .wrong { return "It cannot be suppressed: the bundle would be broken." }
    return "To suppress it where it is wanted: # maasc: ignore \(rule.id) -- the reason"
  }
}
