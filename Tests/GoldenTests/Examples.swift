import BundleIO
import Compiler
import Diagnostics
import Emission
import Foundation
import Testing

/// The repository, from this file's own place.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A topology under `examples/`.
struct ExampleFile: CustomTestStringConvertible, Sendable {
  var name: String
  var testDescription: String { name }

  static let all = ["minimal", "three-node", "split", "deb", "patroni", "dual-stack", "brownfield"].map { ExampleFile(name: $0) }

  var fileName: String { "\(name).topology.yaml" }
  var path: String { repository.appendingPathComponent("examples/\(fileName)").path }
  var golden: URL { repository.appendingPathComponent("Tests/GoldenTests/Golden/\(name)") }

  func input() throws -> Input { try readInput(path) }
  func text() throws -> String { String(decoding: try input().bytes, as: UTF8.self) }
}

/// Compiles a text that must compile.
func bundle(_ text: String, path: String = "test.topology.yaml") throws -> Emission.Bundle {
  let compilation = try compile(Input(path: path, bytes: Array(text.utf8)))
  return try #require(compilation.bundle, "\(lines(compilation.checked))")
}

/// `M304 single-region` of each finding, sorted; what the comment at the top of an example lists.
func names(_ checked: Checked) -> [String] {
  checked.diagnostics.filter { $0.suppression == nil }.map { "\($0.rule) \($0.severity.rawValue)" }.sorted()
}

/// Findings as text, for a failed expectation.
func lines(_ checked: Checked) -> [String] { checked.diagnostics.map { "\($0.rule) \($0.severity.rawValue): \($0.message)" } }
