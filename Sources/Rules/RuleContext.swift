package import Diagnostics
import MAASFacts
package import Topology

/// What a rule sees of one file: the model and the look-ups, all built once.
package struct RuleContext: Sendable {
  package let topology: Topology
  package let index: TopologyIndex
  /// Regions before racks, each in file order.
  let controllers: [Controller]
  let dynamicRanges: DynamicRanges

  package init(_ topology: Topology) {
    self.topology = topology
    index = TopologyIndex(topology)
    controllers = topology.controllers
    dynamicRanges = DynamicRanges(topology)
  }
}

extension RuleContext {
  /// Itself; or, where the file's version could not be read, one for each version it may be.
  var possibleVersions: [RuleContext] {
    if topology.maas.isVersionKnown { return [self] }
    return Releases.table.filter { $0.line >= MAASVersion(3, 4) }.map { release in
      var guess = topology
      guess.maas.version.value = release.line
      return RuleContext(guess)
    }
  }
}

/// Takes what a rule has to say and stamps it with the rule's id, severity and nature.
package struct Reporter {
  private let rule: RuleID
  private let severity: Severity
  private let nature: Nature
  package private(set) var diagnostics: [Diagnostic] = []

  init(_ rule: Rule) {
    self.rule = rule.id
    severity = rule.severity
    nature = rule.nature
  }

  mutating func report(contentsOf others: [Diagnostic]) { diagnostics.append(contentsOf: others) }

  /// One finding. `severity` and `nature` are given only where they differ from the rule's own; what is no error is never more than unwise.
  package mutating func report(
    _ message: String, at span: Span, label: String = "", as severity: Severity? = nil, nature: Nature? = nil, secondary: [Label] = [],
    notes: [String] = [], help: String? = nil, fix: [TextEdit] = []
  ) {
    let severity = severity ?? self.severity
    diagnostics.append(
      Diagnostic(
        rule, severity, nature: severity == .error ? nature ?? self.nature : .unwise, message, at: span, label: label,
        secondary: secondary, notes: notes, help: help, fix: fix))
  }
}
