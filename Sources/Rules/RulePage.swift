import Diagnostics

/// The page of a rule under docs/rules, in Markdown. `report` renders what the rule says about an example; this target cannot read topologies.
package func rulePage(_ rule: Rule, report: (Example) -> String) -> String {
  var page = """
    # \(rule.id) \(rule.name)

    \(rule.summary.asSentence)

    | severity | nature |
    |---|---|
    | \(rule.severityWords) | \(rule.natureWords) |

    ## Why

    \(rule.why)

    """
  let (bad, good) = (rule.examples.filter { $0.expectation != .silent }, rule.examples.filter { $0.expectation == .silent })
  page += "\n## Examples that fire\n"
  for example in bad { page += "\n### \(example.title)\n\n\(example.source)\n\(fenced("text", report(example)))" }
  page += "\n## Examples that do not\n"
  for example in good { page += "\n### \(example.title)\n\n\(example.source)" }
  return page
}

/// The list of all rules, docs/rules/README.md.
package func ruleIndex() -> String {
  var page = """
    # Rules

    Generated from the rules themselves; `maasc rules` and `maasc explain M402` print the same. A finding that is *wrong* blocks `compile`, and no comment
    suppresses it. One that is *unwise* is suppressed by `# maasc: ignore M301 -- reason`, at the end of its line or above the block that it covers.

    """
  var group: UInt16 = 0
  for rule in Rule.all {
    if rule.id.number / 100 != group {
      group = rule.id.number / 100
      let name = groupNames.indices.contains(Int(group)) ? groupNames[Int(group)] : "others"
      page += "\n## \(group)xx \(name)\n\n| rule | severity | finds |\n|---|---|---|\n"
    }
    page += "| [\(rule.id) \(rule.name)](\(rule.pageName)) | \(rule.severityWords) | \(rule.summary) |\n"
  }
  return page + "\n## The base of the examples\n\nA section of an example replaces the section of that name below, or is added.\n\n"
    + fenced("yaml", ExampleBase.text)
}

private let groupNames = [
  "", "reading", "versions and packages", "placement and identity", "PostgreSQL and connections", "endpoints, HAProxy, virtual addresses",
  "VLANs and DHCP", "flows and security", "resilience",
]

private func fenced(_ language: String, _ text: String) -> String {
  "```\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")```\n"
}

extension Rule {
  /// `M402-connection-limit.md`
  package var pageName: String { "\(id)-\(name).md" }

  /// Its own severity, then others that single findings have.
  fileprivate var severityWords: String {
    var severities = [severity]
    for case .fires(let other) in examples.map(\.expectation) where !severities.contains(other) { severities.append(other) }
    return severities.map(\.rawValue).joined(separator: ", some cases ")
  }

  fileprivate var natureWords: String { severity == .error ? nature.rawValue : Nature.unwise.rawValue }
}

extension Example {
  /// The files of the example, without its markers.
  fileprivate var source: String {
    yaml.map { text in fenced("yaml", text.filter { $0 != "⟦" && $0 != "⟧" }) }.joined(separator: "\nand\n\n")
  }
}

extension String {
  fileprivate var asSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
