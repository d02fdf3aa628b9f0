import Foundation
import TestSupport
import Testing

/// Inputs on which other tools of this kind are known to fail.
@Suite struct AcceptanceCaseTests {
  private func check(_ text: String, _ options: String...) throws -> ProgramResult {
    try Workspace.with(["t.yaml": text]) { try $0.maasc(["check", "t.yaml"] + options) }
  }

  private func rules(_ result: ProgramResult) -> [String] {
    result.text.matches(of: #/(?:error|warning|hint)\[(M\d+)\]/#).map { String($0.output.1) }
  }

  @Test func fiveMisspeltKeysAreFiveFindingsWithSuggestions() throws {
    let text = Site.with("zone: x", "zoen: x").replacing("members:", with: "memebrs:").replacing("\nracks:", with: "\nRacks:")
      .replacing("copy_to:", with: "copyTo:").replacing("vips:", with: "vip:")
    let result = try check(text)
    #expect(rules(result) == Array(repeating: "M103", count: 5), "\(result.story)")
    for name in ["zone", "members", "racks", "copy_to", "vips"] { #expect(result.text.contains("a key with a similar name exists: \(name)")) }
  }

  @Test func aDuplicateHostNamesBothLines() throws {
    let result = try check(Site.with("  c: {address: 10.0.0.3, zone: z}\n", "  c: {address: 10.0.0.3, zone: z}\n  c: {address: 10.0.0.4}\n"))
    #expect(rules(result) == ["M102"], "\(result.story)")
    #expect(result.text.contains("11 |   c: {address: 10.0.0.4}\n   |   ^ again here"))
    #expect(result.text.contains("10 |   c: {address: 10.0.0.3, zone: z}\n   |   - first here"))
  }

  @Test func aTypoInAUnionIsAboutTheTypo() throws {
    let result = try check(Site.with("max_connections: auto", "max_connections: atuo"))
    #expect(rules(result) == ["M105"] && result.text.contains("did you mean auto"), "\(result.story)")
  }

  @Test func mistakesOfReadingAndOfMeaningComeTogether() throws {
    let result = try check(Site.tooFewConnections.replacing("host: c", with: "keep: many, host: c"))
    #expect(rules(result) == ["M402", "M105"], "\(result.story)")
  }

  @Test func anAliasOfTheWrongTypeIsOneFindingAtItsUse() throws {
    let result = try check(Site.with("name: prague", "name: &n prague").replacing("version: 16", with: "version: *n"))
    #expect(rules(result) == ["M105"], "\(result.story)")
    #expect(result.text.contains("--> t.yaml:14:12") && result.text.contains("the value comes from the anchor at line 2"))
  }

  @Test func wideCharactersMoveNeitherCaretNorColumn() throws {
    let text = Site.with("  a: {address: 10.0.0.1, zone: x}", #"  a: {zone: "日本語é", adress: 10.0.0.1}"#)
    let result = try check(text)
    // Each of the three wide characters takes two cells.
    #expect(result.text.contains(#"8 |   a: {zone: "日本語é", adress: 10.0.0.1}"# + "\n  |                        ^^^^^^\n"), "\(result.story)")
    #expect(try check(text, "--format", "sarif").text.contains("\"startColumn\": 21,"))
  }

  @Test func twoHundredHostsHaveNoHiddenLimit() throws {
    let names = (1...200).map { "rack-\($0)" }
    let hosts = names.enumerated().map { "  \($1): {address: 10.1.\($0 / 100).\($0 % 100 + 1), zonne: x}\n" }.joined()
    let text = Site.with("\nregions:", "\n\(hosts)regions:").replacing("racks: {", with: "racks: {" + names.map { "\($0): , " }.joined())
    let shown = try check(text)
    #expect(rules(shown).count == 100 && shown.text.contains("200 errors"), "\(shown.text.suffix(500))")
    let all = try check(text, "--max-findings", "1000")
    #expect(rules(all).count == 200)
    #expect(try check(text.replacing("zonne", with: "zone")).status == 0)
  }

  @Test func anUnknownSchemaListsTheKnownOnes() throws {
    let result = try check(Site.with("schema: 1", "schema: 7"))
    #expect(rules(result) == ["M105"] && result.text.contains("this maasc knows 1"), "\(result.story)")
  }

  @Test(arguments: ["json", "sarif", "github", "junit", "gitlab"]) func everyFormatPassesAnIndependentReader(_ format: String) throws {
    try Workspace.with(["t.yaml": Site.tooFewConnections.replacing("zone: x", with: #"zoen: "日本語""#)]) { workspace in
      let result = try workspace.shell("maasc check t.yaml --format \(format)=report")
      #expect(result.status == 1)
      let root = packageRoot.path
      // The Python that setup made, or the first one on the path.
      let python = "PATH=\(root)/.build/python/bin:$PATH:/usr/local/bin python3"
      let remarks = try workspace.shell("\(python) \(root)/Tests/Tools/validate_reports.py \(format) report \(root)/schemas/findings-v1.schema.json")
      #expect(remarks.status == 0 && remarks.text.isEmpty, "\(remarks.story)")
    }
  }
}
