import Diagnostics
import Foundation
import Rules
import Testing

@Suite struct CatalogueTests {
  private var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Rules/Catalog").standardized
  }

  @Test("every file of the catalogue is in the list, and every rule has its file") func files() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }.sorted()
    let (found, named) = (Set(files.map { $0.lowercased() }), Set(Rule.all.map { $0.fileName.lowercased() }))
    #expect(found.subtracting(named).sorted() == [], "a file without its line in Rule.all, or of another name than its rule")
    #expect(named.subtracting(found).sorted() == [], "a rule without a file of its name")
  }

  @Test("the list is sorted by id, and ids and names are unique") func order() {
    #expect(Rule.all.map(\.id) == Rule.all.map(\.id).sorted())
    #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
    #expect(Set(Rule.all.map(\.name)).count == Rule.all.count)
  }

  @Test("rules are found by id and by name") func lookUp() throws {
    for rule in Rule.all {
      #expect(Rule.with(id: rule.id)?.name == rule.name)
      #expect(Rule.with(name: rule.name)?.id == rule.id)
    }
    #expect(Rule.with(id: RuleID(9999)) == nil)
  }

  @Test("each rule says what, why, and shows it", arguments: Rule.all.map(\.id)) func completeness(_ id: RuleID) throws {
    let rule = try #require(Rule.with(id: id))
    let firing = rule.examples.count { $0.expectation != .silent }
    #expect(firing >= 2, "two examples that fire")
    #expect(rule.examples.count - firing >= 2, "two examples that do not")
    #expect(rule.examples.contains { $0.expectation == .fires(rule.severity) }, "an example with the rule's own severity")
    #expect(!rule.summary.isEmpty && !rule.summary.hasSuffix("."), "one sentence without a full stop")
    #expect(rule.why.count > 80, "the reason, with its source")
    #expect(rule.yieldsTo.allSatisfy { Rule.with(id: $0) != nil }, "yields to rules that exist")
    #expect(Set(rule.examples.map(\.title)).count == rule.examples.count, "titles are unique")
  }
}

extension Rule {
  /// `M402ConnectionLimit.swift` for `connection-limit`; compared without regard to case, since YAML and VIP keep their capitals.
  fileprivate var fileName: String { "\(id)\(name.split(separator: "-").map(\.capitalized).joined()).swift" }
}
