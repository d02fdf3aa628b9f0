package import Diagnostics
package import Emission
package import Planning
import Rules
package import Topology
import YAMLSyntax

/// A topology file as it was read: its name as the user wrote it, and its bytes.
package struct Input: Sendable {
  package var path: String
  package var bytes: [UInt8]
  /// Reads a file that the topology names, by the path as it has it. What cannot be read has no bytes; nil where nobody can look.
  package var attachment: @Sendable (String) -> [UInt8]?

  package init(path: String, bytes: [UInt8], attachment: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }) {
    self.path = path
    self.bytes = bytes
    self.attachment = attachment
  }
}

/// What is known of some topologies after they were checked.
package struct Checked: Sendable {
  /// All files of the run.
  package var sources: SourceMap
  /// One for each input, nil where a syntax error left nothing to check.
  package var topologies: [Topology?]
  /// In the order of the files, suppressions applied.
  package var diagnostics: [Diagnostic]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error && $0.suppression == nil } }
  /// False when a reading error kept rules from looking.
  package var isComplete: Bool { topologies.allSatisfy { $0?.isComplete == true } }
}

/// What came of one topology. Plan and bundle are nil where a finding forbids them.
package struct Compilation: Sendable {
  package var checked: Checked
  package var plan: Plan?
  package var bundle: Bundle?
}

/// Reads topologies and applies every rule to each of them and across them.
package func check(_ inputs: [Input]) -> Checked {
  var sources = SourceMap()
  var findings = Findings()
  var comments: [SuppressionComment] = []
  let topologies = inputs.map { input -> Topology? in
    let file = sources.add(path: input.path, bytes: input.bytes)
    guard let tree = parse(file, &findings) else { return nil }
    comments += suppressions(in: tree)
    return readTopology(tree, file, &sources, &findings)?.attaching(input, &findings)
  }
  let found = check(topologies.compactMap { $0 }, read: findings.diagnostics)
  let isComplete = topologies.allSatisfy { $0?.isComplete == true }
  let diagnostics = applySuppressions(
    comments, to: found, in: sources, rules: Rule.all.map(\.id), isComplete: isComplete)
  return Checked(sources: sources, topologies: topologies, diagnostics: sortedUnique(diagnostics, in: sources))
}

/// The whole compiler: bytes to tree, to topology, through the rules, to plan, to bundle. There is one gate: nothing is planned while an error stands.
///
/// A plan whose steps cannot be ordered is a mistake of ours, and is thrown.
package func compile(_ input: Input) throws(StepGraph.Flaw) -> Compilation {
  let checked = check([input])
  guard let topology = checked.topologies[0], topology.isComplete, !checked.hasErrors else { return Compilation(checked: checked) }
  let plan = makePlan(topology)
  return Compilation(checked: checked, plan: plan, bundle: try emit(plan))
}
