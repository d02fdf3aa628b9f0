import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let mixedVersions = Rule(
    201, "mixed-versions", .error,
    summary: "controllers of one MAAS run different versions",
    why: """
      A rack must run the major.minor of its regions: the database schema and the RPC between them change with it. MAAS itself only raises a \
      notification (MAAS source, src/maasserver/models/controllerinfo.py) and then fails in odd places. Different patch releases work, but \
      should last no longer than a rolling upgrade, so they are a warning.
      """,
    examples: [
      .bad(
        "one rack was left behind", as: .error,
        """
        racks:
          rack-a1: {}
          rack-a2: {version: ⟦"3.6"⟧}
        """),
      .bad(
        "a region of the next release", as: .error,
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4, version: ⟦"3.8"⟧}
        """),
      .bad(
        "two patch releases", as: .warning,
        """
        racks:
          rack-a1: {version: "3.7.3"}
          rack-a2: {version: ⟦"3.7.4"⟧}
        """),
      .good(
        "the same version, once said for all and once again",
        """
        racks:
          rack-a1: {version: "3.7"}
          rack-a2: {}
        """),
      .good(
        "a patch release where the others leave it open",
        """
        racks:
          rack-a1: {version: "3.7.4"}
          rack-a2: {}
        """),
    ],
    check: .topology { context, report in
      let controllers = context.controllers
      guard let first = controllers.first(where: { $0.version == context.topology.maas.version }) ?? controllers.first else { return }
      let expected = first.version
      let others = controllers.filter { $0.version.value.line != expected.value.line }
      reportDeviations(others, from: expected, context, &report) { $0.line }

      let sameLine = controllers.filter { $0.version.value.line == expected.value.line && $0.version.value.patch != nil }
      guard let patch = sameLine.first?.version else { return }
      let patches = sameLine.filter { $0.version.value != patch.value }
      reportDeviations(patches, from: patch, as: .warning, context, &report) { $0 }
    })
}

/// One finding for each deviating version, at the first controller that has it.
private func reportDeviations(
  _ controllers: [Controller], from expected: Located<MAASVersion>, as severity: Severity? = nil, _ context: RuleContext,
  _ report: inout Reporter, by key: (MAASVersion) -> MAASVersion
) {
  var seen: [MAASVersion] = []
  for controller in controllers where !seen.contains(key(controller.version.value)) {
    let version = key(controller.version.value)
    seen.append(version)
    let alike = controllers.filter { key($0.version.value) == version }
    // A host that is region and rack is named once.
    let hosts = alike.map(\.host).reduce(into: [HostID]()) { hosts, host in if !hosts.contains(host) { hosts.append(host) } }
    report.report(
      "\(context.names(hosts)) \(hosts.count == 1 ? "runs" : "run") MAAS \(version), others \(key(expected.value))", at: controller.version.span,
      as: severity,
      secondary: [Label(expected.span, "MAAS \(key(expected.value)) here")]
        + alike.filter { $0.version.span != controller.version.span }.map { Label($0.version.span, "and \(version) here") },
      help: "bring every controller to \(max(version, key(expected.value))): racks first, then regions")
  }
}
