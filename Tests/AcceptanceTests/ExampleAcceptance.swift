import BundleIO
import Compiler
import Diagnostics
import Foundation
import TestSupport
import Testing

/// The bundle of every example, and of topologies with what no example has, each file before the program that will read it.
@Suite struct ExampleAcceptance {
  static let own = URL(filePath: #filePath).deletingLastPathComponent()
  static let examples = topologies(in: own.appending(path: "../../examples").standardized)
  static let others = topologies(in: own.appending(path: "Topologies"))

  private static func topologies(in directory: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.filter { $0.hasSuffix(".topology.yaml") }.sorted().map { directory.appending(path: $0).path }
  }

  @Test func thereAreExamples() { #expect(!Self.examples.isEmpty && !Self.others.isEmpty) }

  @Test(arguments: examples + others) func everyFileIsAccepted(_ path: String) throws {
    let compilation = try compile(readInput(path))
    let bundle = try #require(compilation.bundle, "\(compilation.checked.diagnostics.map(\.message))")
    for complaint in try BundleFiles(bundle).complaints() { Issue.record("\(complaint)") }
  }
}
