import BundleIO
import Compiler
import Emission
import Foundation
import Planning
import Testing

/// Every step file tells how to go back: by itself, by hand, or why there is nothing to undo.
@Suite struct WayBackTests {
  /// Steps that change nothing.
  private static let looking = [
    "preflight-identity", "preflight-surroundings", "preflight-idle", "balancer-virtual-address", "balancer-database-endpoint",
    "dhcp-foreign-servers", "acceptance-installation", "acceptance-replication", "acceptance-services",
  ]

  static let topologies: [String] = {
    let others = repository.appendingPathComponent("Tests/AcceptanceTests/Topologies")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: others.path)) ?? []
    return ExampleFile.all.map(\.path) + names.filter { $0.hasSuffix(".yaml") }.sorted().map { others.appendingPathComponent($0).path }
  }()

  @Test(arguments: topologies) func everyStepSaysHowToGoBack(path: String) throws {
    let compilation = try compile(readInput(path))
    let steps = try #require(compilation.plan).steps.steps
    let silent = steps.filter { $0.rollback == nil && $0.back == nil }.map { "\($0.phase.rawValue)-\($0.name)" }
    #expect(silent.filter { !Self.looking.contains($0) && !$0.hasSuffix(".normal") } == [])
    #expect(steps.filter { $0.rollback != nil && $0.back != nil }.map(\.id.description) == [])
    for file in try #require(compilation.bundle).files where file.path.contains("/steps/") {
      #expect(file.text.contains("\n# Back:    "), "\(file.path)")
    }
  }
}
