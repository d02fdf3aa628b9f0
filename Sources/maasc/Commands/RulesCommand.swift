import ArgumentParser
import Diagnostics
import Rules

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the rules.")

  @Flag(help: "As JSON, with the reasons.")
  var json = false

  func run() {
    if json { return Console.output(ruleList.text() + "\n") }
    for rule in Rule.all {
      let severity = rule.severity.rawValue.padded(to: 7)
      Console.output("\(rule.id)  \(severity)  \(rule.name.padded(to: 34))  \(rule.summary)\n")
    }
  }

  private var ruleList: JSON {
    let rules = Rule.all.map { rule -> JSON in
      [
        "id": .string(rule.id.description), "name": .string(rule.name), "severity": .string(rule.severity.rawValue),
        "suppressible": .bool(rule.nature == .unwise || rule.severity != .error), "summary": .string(rule.summary), "why": .string(rule.why),
      ]
    }
    return ["schema": 1, "rules": .array(rules)]
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
