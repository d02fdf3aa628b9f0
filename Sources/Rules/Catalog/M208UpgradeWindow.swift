import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let upgradeWindow = Rule(
    208, "upgrade-window", .warning,
    summary: "a release with which a rolling upgrade is known to break",
    why: """
      Controllers are upgraded one by one, racks first, so that DHCP and the API stay up. With 3.6.0 the upgrade of separate region and rack snaps \
      fails (LP 2107967), and the installation stands between two versions. The release that fixes it is named.
      """,
    examples: [
      .bad(
        "3.6.0", as: .warning,
        """
        maas:
          version: ⟦"3.6.0"⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "3.6.0 on one rack", as: .warning,
        """
        maas:
          version: "3.6"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        racks:
          rack-a1: {}
          rack-a2: {version: ⟦"3.6.0"⟧}
        """),
      .good(
        "the release that fixes it",
        """
        maas:
          version: "3.6.1"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "the newest of the line",
        """
        maas:
          version: "3.6"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    check: .topology { context, report in
      var seen: [Span] = []
      for controller in context.controllers where !seen.contains(controller.version.span) {
        let version = controller.version
        seen.append(version.span)
        for defect in KnownDefects.table where defect.kind == .upgrade {
          guard let fixed = defect.fix(for: version.value) else { continue }
          report.report(
            "MAAS \(version.value): \(defect.what), fixed in \(fixed)", at: version.span, notes: ["LP \(defect.bug)"], help: "go to \(fixed) or newer"
          )
        }
      }
    })
}
