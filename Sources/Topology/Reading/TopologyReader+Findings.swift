import Diagnostics
import YAMLSyntax

// How the reader says what is wrong.

extension TopologyReader {
  mutating func report(_ rule: RuleID, _ message: String, _ span: Span, help: String? = nil, suggestion: String? = nil) {
    var help = help
    if help == nil, let suggestion { help = "did you mean \(suggestion)" }
    findings.report(
      Diagnostic(rule, .error, message, at: span, help: help, fix: suggestion.map { [TextEdit(span, $0)] } ?? []))
  }

  mutating func noteMissing(_ keys: [StaticString]) {
    guard !frames.isEmpty else { return }
    frames[frames.count - 1].missing.append(keys)
  }

  /// A block mapping begins with its first key; the whole of it would be too much to underline.
  private func shortSpan(of frame: Frame) -> Span {
    guard let first = entries[frame.firstEntry...].first else { return frame.span }
    let key = tree.span(first.key)
    return key.lower == frame.span.lower ? key : frame.span
  }

  mutating func reportWrongKind(_ node: NodeReference, wanted: String, help: String? = nil) {
    let found =
      switch tree[node].kind {
      case .scalar: isEmpty(node) ? "the value is missing" : "this is the value '\(shortened(tree.text(node)))'"
      case .sequence: "this is a list"
      case .mapping: "this is a mapping"
      case .alias: "this is an alias"
      }
    losses.count += 1
    if Self.referring.contains(wanted) { losses.hasReferences = true }
    markMentioned(in: node)
    findings.report(Diagnostic(.wrongKind, .error, "\(wanted) is wanted here, \(found)", at: tree.span(node), help: help))
  }

  /// What names hosts or secrets, or may hold what does.
  private static let referring = ["a mapping", "a list", "a secret", "a host", "a rack"]

  /// Whether the key of an entry is a required section that is indented too far; if so, this has been said.
  mutating func reportMisplaced(_ entry: Entry) -> Bool {
    guard !losses.misplaced.isEmpty, losses.misplaced.contains(tree.text(entry.key)) else { return false }
    let name = tree.text(entry.key)
    report(.unknownKey, "the key '\(name)' is not known here", tree.span(entry.key), help: "'\(name)' is valid at the top level: indent it less")
    markMentioned(in: entry.value)
    losses.count += 1
    return true
  }

  mutating func reportUnknownKeys() {
    let first = frames[frames.count - 1].firstEntry
    guard !frames[frames.count - 1].missing.isEmpty || entries[first...].contains(where: { !$0.isUsed }), let frame = frames.last else { return }
    var missing = frame.missing
    if frames.count == 1 { missing.removeAll { keys in keys.contains { losses.misplaced.contains("\($0)") } } }
    for index in entries.indices[frame.firstEntry...] where !entries[index].isUsed && !isRepeated(index, since: frame.firstEntry) {
      let entry = entries[index]
      let known = asked[frame.firstAsked...].map { "\($0)" }
      var explanation = UnknownKey(tree.text(entry.key), known: known, isSuggesting: isSuggesting)
      if let meant = explanation.meant {
        missing.removeAll { $0.contains { "\($0)" == meant } }
      } else if frames.count > 1, let wanted = missing.first {
        // A key too many and one too few are most likely one and the same.
        missing.removeFirst()
        explanation.help = "wanted here is '\(wanted.map { "\($0)" }.joined(separator: "' or '"))'"
      }
      report(.unknownKey, explanation.message, tree.span(entry.key), help: explanation.help, suggestion: explanation.replacement)
      if !isScalar(entry.value) { losses.count += 1 }
      markMentioned(in: entry.value)
    }
    if !missing.isEmpty, frames.count > 1 { losses.hasReferences = true }
    for keys in missing {
      let keys = keys.map { "\($0)" }
      let text = keys.joined(separator: "' or '")
      findings.report(
        Diagnostic(.missingKey, .error, "the key '\(text)' is missing here", at: shortSpan(of: frame), help: "add '\(keys.first ?? "")'"))
    }
  }

  /// Of a key that stands twice the first counts, and the parser has reported the others.
  private func isRepeated(_ index: Int, since first: Int) -> Bool {
    entries[first..<index].contains { tree.equal($0.key, entries[index].key) }
  }
}

func article(_ noun: String) -> String {
  if noun.hasPrefix("HTTP") || noun.hasPrefix("IP") || noun.hasPrefix("MAC ") == false && "aeiou".contains(noun.first ?? "x") { return "an" }
  return "a"
}

/// Long values are cut in messages; the frame shows the whole line anyway.
func shortened(_ text: String) -> String {
  let line = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
  return line.utf8.count < text.utf8.count || line.count > 60 ? String(line.prefix(60)) + "…" : line
}
