import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let installKindUnavailable = Rule(
    204, "install-kind-unavailable", .error,
    summary: "this MAAS version does not exist as this kind of package on this host",
    why: """
      MAAS' Debian packages exist for one Ubuntu release each and end with 3.8; 4.0 is a snap only (MAAS source, debian/changelog by branch; \
      docs/reference/supported-maas-versions.md). Snap and deb on one host fight for the same ports and bring two sets of daemons.
      """,
    examples: [
      .bad(
        "Debian packages of 4.0", as: .error,
        """
        maas:
          version: "4.0"
          install: ⟦deb⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "the packages of 3.5 are for Ubuntu 22.04", as: .error,
        """
        maas:
          version: "3.5"
          install: snap
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        racks:
          rack-a1: {install: ⟦deb⟧}
          rack-a2: {}
        """),
      .bad(
        "region as a snap, rack from packages, on one host", as: .error,
        """
        racks:
          rack-a1: {}
          rack-a2: {}
          infra-3: {install: ⟦deb⟧}
        """),
      .good(
        "Debian packages of 3.8 on their Ubuntu",
        """
        maas:
          version: "3.8"
          install: deb
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-26.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-26.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-26.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-26.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-26.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "4.0 as a snap",
        """
        maas:
          version: "4.0"
          install: snap
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    check: .topology { context, report in
      var seen: [Span] = []
      for controller in context.controllers {
        guard let install = controller.install, install.value == .deb, !seen.contains(install.span) else { continue }
        guard let problem = problem(of: controller, context) else { continue }
        if let os = context.topology[controller.host].os, install.span == context.topology.maas.install?.span, context.othersFit(controller) {
          report.report(problem.message, at: os.span, secondary: [Label(install.span, "from packages")], help: problem.help)
          continue
        }
        seen.append(install.span)
        report.report(problem.message, at: install.span, secondary: problem.labels, help: problem.help)
      }
      reportBothKinds(context, skipping: seen, &report)
    })
}

extension RuleContext {
  /// Whether the packages exist for another controller: then it is the host that is unlike the others.
  fileprivate func othersFit(_ controller: Controller) -> Bool {
    let wanted = Releases.release(controller.version.value)?.debUbuntu
    return wanted != nil && controllers.contains { $0.install?.value == .deb && topology[$0.host].os?.value == wanted }
  }
}

private struct Problem {
  var message: String
  var labels: [Label]
  var help: String
}

/// Why there are no Debian packages for this controller, or nil.
private func problem(of controller: Controller, _ context: RuleContext) -> Problem? {
  let version = controller.version
  guard let release = Releases.release(version.value) else { return nil }
  guard let wanted = release.debUbuntu else {
    return Problem(
      message: "MAAS \(version.value.line) has no Debian packages, it is a snap only", labels: [Label(version.span, "this version")],
      help: "set install: snap")
  }
  guard let os = context.topology[controller.host].os, os.value != wanted else { return nil }
  return Problem(
    message:
      "the Debian packages of MAAS \(version.value.line) are for Ubuntu \(wanted.number), \(context.name(controller.host)) runs \(os.value.number)",
    labels: [Label(os.span, "Ubuntu \(os.value.number)")], help: "set install: snap, or use a host with Ubuntu \(wanted.number)")
}

private func reportBothKinds(_ context: RuleContext, skipping seen: [Span], _ report: inout Reporter) {
  let regionCount = context.topology.regions.count
  for rack in context.controllers.dropFirst(regionCount) {
    guard let id = context.index.region[rack.host.index] else { continue }
    let region = context.controllers[id.index]
    guard (region.install?.value ?? .snap) != (rack.install?.value ?? .snap), let place = rack.install ?? region.install else { continue }
    guard !seen.contains(place.span) else { continue }
    report.report(
      "\(context.name(rack.host)) would get MAAS as a snap and from Debian packages", at: place.span,
      secondary: [Label(region.install?.span ?? region.place, "the region on this host: \((region.install?.value ?? .snap).rawValue)")],
      help: "install both roles of the host in the same way")
  }
}
