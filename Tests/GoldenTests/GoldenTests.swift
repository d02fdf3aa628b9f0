import BundleIO
import Compiler
import Diagnostics
import Emission
import Foundation
import Testing

/// Each example compiles to the bundle that is committed beside this test. `UPDATE_GOLDEN=1` rewrites it; the diff is reviewed as code.
@Suite struct GoldenTests {
  @Test(arguments: ExampleFile.all) func theBundleIsAsCommitted(example: ExampleFile) throws {
    let input = try example.input()
    let compilation = try compile(input)
    let bundle = try #require(compilation.bundle, "\(lines(compilation.checked))")
    let image = BundleImage(bundle, topology: input)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try write(image, to: example.golden.path, force: true)
    }
    let comparison = try compare(image, with: example.golden.path)
    #expect(comparison.isClean, "UPDATE_GOLDEN=1 swift test --filter GoldenTests rewrites it; then look at the diff")
    #expect(comparison.modified == [])
    #expect(comparison.missing == [])
    #expect(comparison.orphaned == [])
  }

  @Test func everyExampleOfTheFolderIsTested() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("examples").path)
    #expect(files.filter { $0.hasSuffix(".topology.yaml") }.sorted() == ExampleFile.all.map(\.fileName).sorted())
    let golden = try FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("Tests/GoldenTests/Golden").path)
    #expect(golden.filter { !$0.hasPrefix(".") }.sorted() == ExampleFile.all.map(\.name).sorted())
  }

  /// The comment at the top of an example says what it makes the rules say.
  @Test(arguments: ExampleFile.all) func theFindingsAreAsTheExampleSays(example: ExampleFile) throws {
    let expected = try example.text().split(separator: "\n").compactMap { line -> String? in
      line.hasPrefix("# expects: M") ? String(line.dropFirst("# expects: ".count).prefix { $0 != " " }) : nil
    }
    #expect(try example.text().contains("# expects: "))
    let checked = check([try example.input()])
    #expect(checked.diagnostics.filter { $0.suppression == nil }.map(\.rule.description).sorted() == expected.sorted(), "\(lines(checked))")
    #expect(!checked.hasErrors)
  }
}
