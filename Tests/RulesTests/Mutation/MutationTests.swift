import Diagnostics
import Rules
import Testing

@Suite struct MutationTests {
  /// A good topology as a document, and the sections that it does not share with the base.
  private func documents() -> [(document: Document, sections: Set<String>)] {
    let everything = Document(ExampleBase.text).map { ($0, Set(["schema", "name"] + sectionNames(ExampleBase.text))) }
    let examples = Rule.all.flatMap(\.examples).filter { $0.expectation == .silent && $0.yaml.count == 1 }.compactMap { example in
      Document(ExampleBase.compose(example.yaml[0])).map { ($0, Set(sectionNames(example.yaml[0]))) }
    }
    return (everything.map { [$0] } ?? []) + examples
  }

  private func sectionNames(_ text: String) -> [String] {
    text.split(separator: "\n").filter { $0.first != " " && $0.first != "#" }.map { String($0.prefix { $0 != ":" }) }
  }

  @Test("a change for the worse is found, or allowed with a reason") func mutants() throws {
    var seen: Set<String> = []
    var found = 0
    var allowed: [String: Int] = [:]
    var survivors: [String: [String]] = [:]
    for (document, sections) in documents() {
      let before = CheckedExample([document.text])
      let known = Set(before.findings.map { "\($0.rule) \($0.message)" })
      for mutant in document.mutants(in: sections) where seen.insert(mutant.text).inserted {
        let after = CheckedExample([mutant.text])
        if after.findings.contains(where: { !known.contains("\($0.rule) \($0.message)") }) {
          found += 1
        } else if let reason = Allowance.reason(for: mutant.kind) {
          allowed[reason, default: 0] += 1
        } else {
          survivors[mutant.kind, default: []].append(mutant.title)
        }
      }
    }
    let missed = survivors.values.reduce(0) { $0 + $1.count }
    let total = found + missed
    print("mutation score: \(found) of \(total) found (\(found * 100 / max(total, 1)) %), \(allowed.values.reduce(0, +)) more allowed")
    for kind in survivors.keys.sorted() { print("  missed: \(kind), \(survivors[kind]?.count ?? 0) times, as \(survivors[kind]?.first ?? "")") }
    #expect(total > 500, "the mutants are there")
    #expect(survivors.keys.sorted() == [])
  }
}
