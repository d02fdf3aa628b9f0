import Compiler
import Diagnostics
import Foundation
import Rules
import TestSupport
import Testing

/// A whole topology with one to five known defects of different kinds, or with none. Its last lines say what is to be found, each
/// `# expect: M402 error 54:20`, and nothing else is.
struct CorpusFile: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var bytes: [UInt8]

  static let all: [CorpusFile] = {
    let folder = packageRoot.appending(path: "Tests/RulesTests/Corpus")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      (try? Data(contentsOf: folder.appending(path: name))).map { CorpusFile(testDescription: name, bytes: Array($0)) }
    }
  }()

  var expected: [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("# expect: ") }.map { String($0.dropFirst(10)) }
  }
}

@Suite struct CorpusTests {
  @Test("the corpus is there") func isThere() { #expect(CorpusFile.all.count >= 30) }

  @Test("what is wrong is found at its place, and nothing beside it", arguments: CorpusFile.all)
  func defects(_ file: CorpusFile) {
    let checked = check([Input(path: "prague.topology.yaml", bytes: file.bytes)])
    let found = checked.diagnostics.compactMap { finding in
      checked.sources.resolve(finding.primary.span).map { place in
        "\(finding.rule) \(finding.severity.rawValue) \(lineAndColumn(place.span.lower - checked.sources.files[0].base, file.bytes))"
      }
    }
    #expect(found.sorted() == file.expected.sorted(), "\(checked.diagnostics.map(\.message))")
  }

  private func lineAndColumn(_ offset: UInt32, _ bytes: [UInt8]) -> String {
    let before = bytes.prefix(Int(offset))
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return "\(line):\(String(decoding: before[start...], as: UTF8.self).count + 1)"
  }
}
