import ArgumentParser
import BundleIO
import Compiler
import Diagnostics
import Rules
import Topology

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a rule, a key of the topology, or a line of a generated file.",
    discussion: """
      maasc explain M402                                  a rule, by id or name
      maasc explain postgresql.max_connections            a key; with --topology the value in force and why
      maasc explain bundle/hosts/a/files/etc/x.conf:14    the topology lines that asked for a line
      """)

  @Argument(help: "Rule id or name, key, or FILE:LINE of a bundle.", completion: .custom { _, _, _ in words })
  var subject: String
  @Option(name: .shortAndLong, help: "Topology whose values are shown.", completion: .file(extensions: ["yaml"]))
  var topology: String?
  @OptionGroup var input: InputOptions

  func run() throws {
    if let rule = RuleID(text: subject).flatMap(Rule.with(id:)) ?? Rule.with(name: subject) { return Console.output(RuleExplanation.text(rule)) }
    if let line = BundleLine(subject) { return try line.explain(topology: topology, input) }
    let keys = keyDocumentation(subject)
    guard !keys.isEmpty else { throw unknown() }
    for key in keys { Console.output(describe(key)) }
    try printValues()
  }

  private static var words: [String] { Rule.all.map(\.id.description) + Rule.all.map(\.name) + allKeyPaths() }

  private func unknown() -> any Error {
    let words = Self.words + allKeyPaths().compactMap { Self.parts($0).last }
    let near = nearest(to: subject, in: words).map { "; something similar exists: \($0)" } ?? ""
    Console.error("'\(subject)' is no rule, no key and no line of a bundle\(near)")
    return ExitStatus.usage
  }

  private func describe(_ key: KeyDocumentation) -> String {
    var text = "\(key.path)\(key.isRequired ? " (required)" : "")\n  \(key.doc)\n"
    if !key.keys.isEmpty { text += "  keys: \(key.keys.joined(separator: ", "))\n" }
    return text
  }

  /// The values of the key in the topology that is given.
  private func printValues() throws {
    guard let topology else { return }
    let checked = check([try input.readOne(topology)])
    guard let model = checked.topologies[0] else {
      Console.error("\(topology) cannot be read; maasc check says why")
      throw ExitStatus.findings
    }
    let values = model.valuesInForce().filter { isWanted($0.path) }
    if !values.isEmpty { Console.output("\nin \(topology):\n") }
    for value in values { Console.output("  \(value.path) = \(value.value)\n    \(origin(value.origin, checked.sources))\n") }
  }

  /// The key itself, a key below it, or a key of that name.
  private func isWanted(_ path: String) -> Bool {
    let own = Self.parts(path)
    let wanted = Self.parts(subject)
    if wanted.count == 1, own.last == wanted[0] { return true }
    return own.count >= wanted.count && zip(own, wanted).allSatisfy { $1 == "*" || $0 == $1 }
  }

  private static func parts(_ path: String) -> [String] { path.split(separator: ".").map { String($0.prefix { $0 != "[" }) } }

  private func origin(_ origin: Derived<String>.Origin, _ sources: SourceMap) -> String {
    switch origin {
    case .chosen(let reason): "default: \(reason)"
    case .given(let span): "set at \(SourcePlaces(sources).text(span) ?? "the topology")"
    }
  }
}

/// `FILE:LINE` of spans.
struct SourcePlaces {
  private let sources: SourceMap
  init(_ sources: SourceMap) { self.sources = sources }

  func text(_ span: Span) -> String? {
    guard let place = sources.resolve(span) else { return nil }
    let file = sources.files[place.file]
    let line = file.bytes.prefix(Int(place.span.lower - file.base)).count { $0 == 10 } + 1
    return "\(file.path):\(line)"
  }

  func lineText(_ span: Span) -> String? {
    guard let place = sources.resolve(span) else { return nil }
    let file = sources.files[place.file]
    let offset = Int(place.span.lower - file.base)
    let start = file.bytes[..<offset].lastIndex(of: 10).map { $0 + 1 } ?? 0
    let end = file.bytes[offset...].firstIndex(of: 10) ?? file.bytes.count
    return String(decoding: file.bytes[start..<end], as: UTF8.self)
  }
}
