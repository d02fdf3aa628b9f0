import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let unsupportedVersion = Rule(
    203, "unsupported-version", .warning,
    summary: "the MAAS version is out of support, not released yet, or has a known defect that endangers high availability",
    why: """
      The newest four release lines are supported (MAAS source, docs/reference/supported-maas-versions.md); the table behind this rule carries the \
      date on which it was true. A patch release is judged by the defects that its successors name as fixed (docs/reference/release-notes.md). A \
      version without patch release stands for the newest of its line.
      """,
    examples: [
      .bad(
        "out of support", as: .warning,
        """
        maas:
          version: ⟦"3.3"⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "a beta", as: .warning,
        """
        maas:
          version: ⟦"3.8"⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "a patch release with known defects", as: .warning,
        """
        maas:
          version: ⟦"3.7.2"⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "the patch release that fixes them",
        """
        maas:
          version: "3.7.3"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "the newest of a supported line",
        """
        maas:
          version: "3.6"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "still gets fixes",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    yieldsTo: [201, 208],
    check: .topology { context, report in
      var seen: [Span] = []
      for controller in context.controllers where !seen.contains(controller.version.span) {
        seen.append(controller.version.span)
        reportState(controller.version, &report)
        reportDefects(controller.version, context, &report)
      }
    })
}

private func reportState(_ version: Located<MAASVersion>, _ report: inout Reporter) {
  let supported = Releases.table.filter { !$0.state.isUnfit }.map(\.line.description).listed
  guard let release = Releases.release(version.value) else {
    return report.report(
      "MAAS \(version.value.line) is no release line known in \(Releases.asOf)", at: version.span, help: "supported are \(supported)")
  }
  guard release.state.isUnfit else { return }
  let state = release.state == .unsupported ? "out of support" : release.state == .beta ? "a beta" : "in development"
  report.report("MAAS \(version.value.line) is \(state), as of \(Releases.asOf)", at: version.span, help: "supported are \(supported)")
}

/// Defects in service; those of upgrades are M208's, of security M705's.
private func reportDefects(_ version: Located<MAASVersion>, _ context: RuleContext, _ report: inout Reporter) {
  let defects = KnownDefects.affecting(version.value).filter { $0.kind == .service && (!$0.onlyWithTLS || context.topology.maas.tls != nil) }
  guard let fixed = defects.compactMap({ $0.fix(for: version.value) }).max() else { return }
  report.report(
    "MAAS \(version.value) has \(defects.count.counted("defect")) known to endanger high availability, fixed in \(fixed)", at: version.span,
    notes: defects.prefix(4).map { "\($0.what) (LP \($0.bug))" } + (defects.count > 4 ? ["and \(defects.count - 4) more"] : []),
    help: "use \(fixed) or newer")
}
