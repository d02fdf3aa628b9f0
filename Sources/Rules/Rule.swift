package import Diagnostics
package import Topology

/// A rule is a value: the engine, the tests, `maasc explain`, the pages under docs/rules and SARIF's rule table all read this one.
package struct Rule: Sendable {
  package var id: RuleID
  /// Reads well after "ignore": `rack-vm-host-colocation`.
  package var name: String
  package var severity: Severity
  package var nature: Nature
  /// One sentence: what it finds. Lower case, no full stop.
  package var summary: String
  /// Why it matters, with the source of the fact; Markdown.
  package var why: String
  package var examples: [Example]
  /// More specific rules: where one of them fires at a place that a finding of this rule names too, this finding is dropped.
  package var yieldsTo: [RuleID]
  package var check: Check

  package enum Check: Sendable {
    /// Found by the reader while it reads, or by the suppressions (M101–M110); the rule value documents it.
    case reading
    case topology(@Sendable (RuleContext, inout Reporter) -> Void)
    /// Looks at one host, or at one VLAN, at a time. The engine walks a file once for all of these rules.
    case eachHost(@Sendable (Host, RuleContext, inout Reporter) -> Void)
    case eachVLAN(@Sendable (VLAN, RuleContext, inout Reporter) -> Void)
    /// Looks at a file in several of these ways.
    indirect case several([Check])
    /// Looks at several files at once; called once with all of them.
    case across(@Sendable ([RuleContext], inout Reporter) -> Void)
  }

  package init(
    _ number: UInt16, _ name: String, _ severity: Severity, _ nature: Nature = .wrong, summary: String, why: String, examples: [Example],
    yieldsTo: [UInt16] = [], check: Check
  ) {
    id = RuleID(number)
    self.name = name
    self.severity = severity
    self.nature = nature
    self.summary = summary
    self.why = why
    self.examples = examples
    self.yieldsTo = yieldsTo.map(RuleID.init)
    self.check = check
  }
}

/// A topology that shows a rule. The text is an *edit* of a base topology, so that an example is as short as its point:
/// see `ExampleBase`. In a firing example the place of the primary span begins at `⟦` and ends at `⟧`; the markers are removed before reading.
package struct Example: Sendable {
  package enum Expectation: Sendable, Hashable {
    case fires(Severity)
    case silent
  }
  package var title: String
  package var expectation: Expectation
  /// Further files for rules that look across.
  package var yaml: [String]
  /// Files beside the topology, by the path that it names.
  package var attachments: [(path: String, text: String)] = []

  /// A topology for which the rule fires once for each pair of markers, and nothing of error severity beside it.
  package static func bad(_ title: String, as severity: Severity, _ yaml: String...) -> Example {
    Example(title: title, expectation: .fires(severity), yaml: yaml)
  }
  func attaching(_ path: String, _ text: String) -> Example {
    var example = self
    example.attachments.append((path, text))
    return example
  }
  /// A topology without any finding of this rule.
  package static func good(_ title: String, _ yaml: String...) -> Example {
    Example(title: title, expectation: .silent, yaml: yaml)
  }
}
