package import Diagnostics
package import Topology
package import YAMLSyntax

/// What came of a topology given as text.
package struct ReadResult {
  package var topology: Topology?
  package var diagnostics: [Diagnostic]
  package var map: SourceMap
  package var file: SourceFile
  package var tree: Tree?

  /// `line:column RULE message` of each finding, in the order of their places; columns count code points from 1.
  package var lines: [String] {
    diagnostics.sorted { ($0.primary.span.lower, $0.rule.number) < ($1.primary.span.lower, $1.rule.number) }.map { finding in
      let place = map.resolve(finding.primary.span)
      let (line, column) = position(place?.span.lower ?? 0)
      return "\(line):\(column) \(finding.rule) \(finding.message)"
    }
  }

  package func position(_ offset: UInt32) -> (line: Int, column: Int) {
    let before = file.bytes.prefix(Int(offset - file.base))
    let start = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    return (line, String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1)
  }
}

/// Reads a topology as the compiler does.
package func read(_ text: String, path: String = "test.topology.yaml") -> ReadResult { read(bytes: Array(text.utf8), path: path) }

package func read(bytes: [UInt8], path: String = "test.topology.yaml") -> ReadResult {
  var map = SourceMap()
  let file = map.add(path: path, bytes: bytes)
  var findings = Findings()
  let tree = parse(file, &findings)
  let topology = tree.flatMap { readTopology($0, file, &map, &findings) }
  return ReadResult(topology: topology, diagnostics: findings.diagnostics, map: map, file: file, tree: tree)
}
