import Foundation
import TestSupport
import Testing

/// The scripts of `maasc completion`, loaded by the shells that they are for.
@Suite struct CompletionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var line: String
    /// Some of what the shell offers.
    var offers: [String]
    /// Whether fish asks the program itself, which it only does at a terminal.
    var isAsked = false
    var testDescription: String { line }
  }

  static let cases = [
    Case(line: "maasc ", offers: ["check", "compile", "explain", "completion"]),
    Case(line: "maasc com", offers: ["compile", "completion"]),
    Case(line: "maasc check --b", offers: ["--baseline"]),
    Case(line: "maasc check ", offers: ["a.yaml"]),
    Case(line: "maasc check --format s", offers: ["sarif"]),
    Case(line: "maasc check --fail-on ", offers: ["hint", "warning", "error"]),
    Case(line: "maasc check --baseline ", offers: ["known.txt"]),
    Case(line: "maasc compile --color ", offers: ["auto", "always", "never"]),
    Case(line: "maasc facts --maas 3", offers: ["3.4", "3.8"]),
    Case(line: "maasc explain M40", offers: ["M402", "M409"], isAsked: true),
    Case(line: "maasc explain postgresql.max", offers: ["postgresql.max_connections"], isAsked: true),
    Case(line: "maasc completion ", offers: ["bash", "zsh", "fish"]),
  ]

  @Test(arguments: cases) func bashOffers(_ example: Case) throws {
    let ask = """
      source <(maasc completion bash)
      read -ra COMP_WORDS <<<"$line"
      [[ $line != *' ' ]] || COMP_WORDS+=('')
      COMP_LINE=$line COMP_POINT=${#line} COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_TYPE=9
      [[ $(complete -p maasc) =~ -F\\ ([^ ]+) ]]
      "${BASH_REMATCH[1]}" maasc "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    try expect(example, of: "line='\(example.line)'\n\(ask)")
  }

  @Test(arguments: cases.filter { !$0.isAsked }) func fishOffers(_ example: Case) throws {
    let ask = "maasc completion fish | source; complete -C '\(example.line)' | string split -f 1 \\t"
    try expect(example, of: "HOME=$PWD XDG_DATA_HOME=$PWD fish --no-config --private -c \"\(ask)\"")
  }

  private func expect(_ example: Case, of line: String) throws {
    try Workspace.with(["a.yaml": Site.clean, "known.txt": "", "other.md": ""]) { workspace in
      let result = try workspace.shell(line)
      let offered = result.text.split(separator: "\n").map(String.init)
      #expect(Set(example.offers).isSubset(of: offered) && result.errors.isEmpty, "\(result.story)")
      #expect(offered.allSatisfy { $0.hasPrefix(example.line.split(separator: " ", omittingEmptySubsequences: false).last ?? "") }, "\(offered)")
    }
  }
}
