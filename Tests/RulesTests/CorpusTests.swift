import Compiler
import Diagnostics
import Foundation
import Rules
import TestSupport
import Testing

/// A whole topology with one to five known defects of different kinds, or with none; or a folder of several that are checked together. The
/// last lines of each say what is to be found in it, each `# expect: M402 error 54:20`, and nothing else is.
struct CorpusCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var files: [(name: String, bytes: [UInt8])]

  static let all: [CorpusCase] = {
    let corpus = packageRoot.appending(path: "Tests/RulesTests/Corpus")
    return names(in: corpus).map { name in
      let place = corpus.appending(path: name)
      let files = name.hasSuffix(".yaml") ? [(name, place)] : names(in: place).map { ($0, place.appending(path: $0)) }
      return CorpusCase(testDescription: name, files: files.compactMap { name, place in (try? Data(contentsOf: place)).map { (name, Array($0)) } })
    }
  }()

  private static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  var expected: [String] {
    files.flatMap { name, bytes in
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("# expect: ") }.map { "\(name): \($0.dropFirst(10))" }
    }
  }
}

@Suite struct CorpusTests {
  @Test("the corpus is there") func isThere() { #expect(CorpusCase.all.count >= 70 && CorpusCase.all.count { $0.files.count > 1 } >= 4) }

  @Test("what is wrong is found at its place, and nothing beside it", arguments: CorpusCase.all)
  func defects(_ example: CorpusCase) {
    let checked = check(example.files.map { Input(path: $0.name, bytes: $0.bytes) })
    let found = checked.diagnostics.compactMap { finding in
      checked.sources.resolve(finding.primary.span).map { place in
        let file = checked.sources.files[place.file]
        return "\(file.path): \(finding.rule) \(finding.severity.rawValue) \(lineAndColumn(place.span.lower - file.base, file.bytes))"
      }
    }
    #expect(found.sorted() == example.expected.sorted(), "\(checked.diagnostics.map(\.message))")
  }

  private func lineAndColumn(_ offset: UInt32, _ bytes: [UInt8]) -> String {
    let before = bytes.prefix(Int(offset))
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return "\(line):\(String(decoding: before[start...], as: UTF8.self).count + 1)"
  }
}
