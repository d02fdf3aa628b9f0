import Diagnostics
import YAMLSyntax

extension TopologyReader {
  /// Hosts, secrets and anchors that nothing uses (M108).
  mutating func reportUnused(_ anchors: [Anchor]) {
    if !losses.hasReferences { reportUnusedNames() }
    for anchor in anchors where anchor.uses == 0 { reportUnused("anchor", "&" + anchor.name, at: anchor.span) }
  }

  private mutating func reportUnusedNames() {
    for position in names.hosts.used.indices where !names.hosts.used[position] && !isPerhapsMeant(names.hosts.name(position)) {
      reportUnused("host", names.hosts.name(position), at: declaredSpans.hosts[position])
    }
    for position in names.secrets.used.indices where !names.secrets.used[position] && !isPerhapsMeant(names.secrets.name(position)) {
      reportUnused("secret", names.secrets.name(position), at: declaredSpans.secrets[position])
    }
  }

  private mutating func reportUnused(_ noun: String, _ name: String, at span: Span) {
    findings.report(
      Diagnostic(
        .unusedEntry, .warning, nature: .unwise, "the \(noun) '\(name)' is used by nothing", at: span, help: "remove it, or say what it is for"))
  }
}
