import Foundation
import TestSupport
import Testing

/// What the pages show is true: each command in them is run, and each topology in them is checked.
@Suite struct DocumentationTests {
  static let pages: [String] = {
    let folder = FileManager.default.enumerator(atPath: packageRoot.appending(path: "docs").path)?.compactMap { $0 as? String } ?? []
    // The pages of rules are generated from rules, whose examples have tests of their own.
    let docs = folder.filter { $0.hasSuffix(".md") && !$0.hasPrefix("rules/") }.sorted().map { "docs/\($0)" }
    return ["README.md", "CONTRIBUTING.md"] + docs
  }()

  /// A fenced block: its language and its lines.
  struct Block {
    var language: String
    var body: Range<Int>
  }

  private static func text(of page: String) throws -> String { try String(contentsOf: packageRoot.appending(path: page), encoding: .utf8) }
  private static func lines(of page: String) throws -> [String] { lines(try text(of: page)) }
  private static func lines(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

  private static func blocks(_ lines: [String]) -> [Block] {
    var blocks: [Block] = []
    var start: (line: Int, language: String)?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      if let opened = start {
        blocks.append(Block(language: opened.language, body: opened.line + 1..<index))
        start = nil
      } else {
        start = (index, String(line.dropFirst(3)))
      }
    }
    return blocks
  }

  /// Blocks whose first line is `$ maasc …` hold commands, each followed by what it prints. They run in a directory with the examples in
  /// `examples/` and the topologies of `docs/examples/` at its top.
  @Test(arguments: pages) func pastedOutputIsWhatTheProgramPrints(_ page: String) throws {
    var lines = try Self.lines(of: page)
    for block in Self.blocks(lines).reversed() where block.body.first.map({ lines[$0].hasPrefix("$ maasc ") }) == true {
      lines.replaceSubrange(block.body, with: try replay(lines[block.body].filter { $0.hasPrefix("$ ") }))
    }
    try expectGolden(lines.joined(separator: "\n"), at: page)
  }

  private func replay(_ commands: [String]) throws -> [String] {
    try withScratchDirectory { root in
      let workspace = Workspace(root: root)
      for (from, to) in [("docs/examples/.", "."), ("examples", "examples")] {
        _ = try run("/bin/cp", ["-R", packageRoot.appending(path: from).path, root.appending(path: to).path])
      }
      return try commands.flatMap { command -> [String] in
        let result = try workspace.shell("exec 2>&1; \(command.dropFirst(2))")
        let printed = result.text.hasSuffix("\n") ? result.text.dropLast() : result.text[...]
        return [command] + (printed.isEmpty ? [] : Self.lines(String(printed)))
      }
    }
  }

  @Test(arguments: pages) func everyTopologyChecksClean(_ page: String) throws {
    let lines = try Self.lines(of: page)
    for block in Self.blocks(lines) where block.language == "yaml" && block.body.first.map({ lines[$0].hasPrefix("schema:") }) == true {
      let text = lines[block.body].joined(separator: "\n") + "\n"
      let result = try Workspace.with { try $0.maasc("check", "-", input: text) }
      #expect(result.status == 0, "\(page), line \(block.body.lowerBound + 1): \(result.text)")
    }
  }

  @Test(arguments: pages) func everyLinkLeadsSomewhere(_ page: String) throws {
    let text = try Self.text(of: page)
    let folder = packageRoot.appending(path: page).deletingLastPathComponent()
    for link in text.matches(of: #/\]\((?!https?:|#)(?<target>[^)#\s]+)[^)]*\)/#) {
      let target = folder.appending(path: String(link.output.target)).standardizedFileURL.path
      #expect(FileManager.default.fileExists(atPath: target), "\(page): \(link.output.0)")
    }
  }

  @Test func nothingOfThisMachineStandsInAPage() throws {
    for page in Self.pages {
      let text = try Self.text(of: page)
      for path in [packageRoot.path + "/", "/tmp/maasc"] { #expect(!text.contains(path), "\(page)") }
    }
  }
}
