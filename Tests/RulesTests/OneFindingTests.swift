import Compiler
import Diagnostics
import Foundation
import TestSupport
import Testing
import Topology

/// One mistake is one finding: whatever key is misspelt and whatever value cannot be read, no rule speaks of what was lost by it.
@Suite struct OneFindingTests {
  static let examples = ["minimal", "split", "three-node", "patroni", "brownfield", "dual-stack"]

  @Test("a misspelt key is one finding", arguments: examples)
  func misspeltKeys(_ name: String) throws {
    let example = try ExampleFile(name)
    for key in example.keys {
      var word = Array(example.text[key.name])
      word.swapAt(word.count / 2 - 1, word.count / 2)
      guard String(word) != example.text[key.name] else { continue }
      let found = example.findings(replacing: key.name, with: String(word))
      #expect(found.count == 1, "\(word) for \(key.words(example)): \(found)")
    }
  }

  @Test("a value that cannot be read is one finding at most", arguments: ["split", "brownfield", "dual-stack"], ["\"%&!\"", "{zz: 1}"])
  func unreadableValues(_ name: String, _ value: String) throws {
    let example = try ExampleFile(name)
    for key in example.keys {
      guard let scalar = key.value else { continue }
      let found = example.findings(replacing: scalar, with: value)
      #expect(found.count <= 1, "\(value) at \(key.words(example)): \(found)")
    }
  }
}

/// An example, and where its keys and their scalars stand.
private struct ExampleFile {
  struct Key {
    var name: Range<String.Index>
    var value: Range<String.Index>?
    func words(_ example: ExampleFile) -> String { String(example.text[example.text.lineRange(for: name)]) }
  }
  var text: String
  var keys: [Key] = []
  /// The messages of the example as it is.
  var clean: [String] = []

  init(_ name: String) throws {
    text = try String(contentsOf: packageRoot.appending(path: "examples/\(name).topology.yaml"), encoding: .utf8)
    let language = languageKeys(topologySchema())
    // What is followed by a line break and is `machines` names a VLAN.
    for match in text.matches(
      of: #/(?:^|[ \{])(?<key>[a-z_]{4,}):(?: (?<value>[^\s\{\}\[\],&*#"]+|"[^"\n]*")(?=[,\}\s])|(?=[ \n]))/#.anchorsMatchLineEndings())
    {
      let key = match.output.key
      let isName = key == "machines" && match.output.value == nil
      let isComment = text[text.lineRange(for: key.startIndex..<key.startIndex).lowerBound..<key.startIndex].contains("#")
      guard language.contains(String(key)), !isName, !isComment else { continue }
      keys.append(Key(name: key.startIndex..<key.endIndex, value: match.output.value.map { $0.startIndex..<$0.endIndex }))
    }
    clean = messages(text)
  }

  /// What is found beyond the example's own warnings, which are known by their rule.
  func findings(replacing range: Range<String.Index>, with word: String) -> [String] {
    var expected = clean.map { $0.prefix(4) }
    return messages(text.replacingCharacters(in: range, with: word)).filter { message in
      guard let known = expected.firstIndex(of: message.prefix(4)) else { return true }
      expected.remove(at: known)
      return false
    }
  }

  private func messages(_ text: String) -> [String] {
    check([Input(path: "example.topology.yaml", bytes: Array(text.utf8))]).diagnostics.map { "\($0.rule) \($0.message)" }
  }
}

private func languageKeys(_ schema: Schema) -> Set<String> {
  switch schema {
  case .object(let object): object.fields.reduce(into: []) { keys, field in keys.formUnion(languageKeys(field.schema).union([field.key])) }
  case .named(_, _, let value): languageKeys(value)
  case .list(let item): languageKeys(item)
  case .either(let choices): choices.reduce(into: []) { $0.formUnion(languageKeys($1)) }
  case .text, .integer, .number, .boolean, .choice, .constant: []
  }
}
