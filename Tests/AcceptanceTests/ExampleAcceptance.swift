import Compiler
import Diagnostics
import Foundation
import TestSupport
import Testing

/// The bundle of every example, each file before the program that will read it.
@Suite struct ExampleAcceptance {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples").standardized

  static let examples: [String] = {
    let names = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".topology.yaml") }.sorted()
  }()

  @Test func thereAreExamples() { #expect(!Self.examples.isEmpty) }

  @Test(arguments: examples) func everyFileIsAccepted(_ name: String) throws {
    let bytes = try Data(contentsOf: Self.directory.appending(path: name))
    let compilation = try compile(Input(path: "examples/\(name)", bytes: Array(bytes)))
    let bundle = try #require(compilation.bundle, "\(compilation.checked.diagnostics.map(\.message))")
    for complaint in try BundleFiles(bundle).complaints() { Issue.record("\(name): \(complaint)") }
  }
}
