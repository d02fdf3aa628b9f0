import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let mixedInstall = Rule(
    202, "mixed-install", .warning,
    summary: "controllers of one MAAS come from different snap channels or kinds of package",
    why: """
      MAAS compares version, channel and cohort of its controllers and raises a notification where they differ (MAAS source, \
      src/maasserver/models/controllerinfo.py). Two channels mean two revisions, of which one migrates the database under the other; a \
      channel of another release line than `version` installs what the file does not describe. Snap and deb side by side work, but every \
      path, unit and procedure then exists twice.
      """,
    examples: [
      .bad(
        "a channel of another release line", as: .error,
        """
        maas:
          version: "3.7"
          channel: ⟦3.6/stable⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "one rack follows the candidates", as: .error,
        """
        racks:
          rack-a1: {}
          rack-a2: {channel: ⟦3.7/candidate⟧}
        """),
      .bad(
        "one rack from Debian packages", as: .warning,
        """
        racks:
          rack-a1: {}
          rack-a2: {install: ⟦deb⟧}
        """),
      .good(
        "every controller follows the candidates",
        """
        maas:
          version: "3.7"
          channel: 3.7/candidate
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "all from Debian packages",
        """
        maas:
          version: "3.7"
          install: deb
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    yieldsTo: [204],
    check: .topology { context, report in
      reportForeignTracks(context, &report)
      reportMixedRisks(context, &report)
      reportMixedKinds(context, &report)
    })
}

/// A channel whose track is not the release line that the same place asks for.
private func reportForeignTracks(_ context: RuleContext, _ report: inout Reporter) {
  let maas = context.topology.maas
  var places: [(version: Located<MAASVersion>, channel: Located<Channel>)] = []
  if let channel = maas.channel { places.append((maas.version, channel)) }
  for controller in context.controllers {
    guard let channel = controller.channel, channel.span != maas.channel?.span else { continue }
    places.append((controller.version, channel))
  }
  for (version, channel) in places where channel.value.track != version.value.line.description {
    report.report(
      "channel \(channel.value) does not carry MAAS \(version.value.line)", at: channel.span, as: .error,
      secondary: [Label(version.span, "the version that is wanted")],
      help: "use \(version.value.line)/\(channel.value.risk.rawValue)")
  }
}

/// Controllers of one release line at different risk levels. Foreign tracks have been reported, other lines are M201's.
private func reportMixedRisks(_ context: RuleContext, _ report: inout Reporter) {
  let line = context.topology.maas.version.value.line
  let usual = Channel(track: line.description, risk: Channel.Risk(rawValue: Releases.release(line)?.channelRisk ?? "stable") ?? .stable)
  let snaps = context.controllers.filter {
    $0.install?.value != .deb && $0.version.value.line == line && ($0.channel?.value.track ?? usual.track) == usual.track
  }
  guard let first = snaps.first(where: { $0.channel?.span == context.topology.maas.channel?.span }) ?? snaps.first else { return }
  let expected = first.channel?.value ?? usual
  for controller in snaps {
    guard let channel = controller.channel, channel.value.risk != expected.risk else { continue }
    report.report(
      "\(context.name(controller.host)) follows \(channel.value), \(context.name(first.host)) \(expected)", at: channel.span, as: .error,
      secondary: [Label(first.channel?.span ?? first.place, "\(expected) here")], help: "use one channel for all: \(expected)")
  }
}

private func reportMixedKinds(_ context: RuleContext, _ report: inout Reporter) {
  let expected = context.topology.maas.install?.value ?? context.controllers.first?.install?.value ?? .snap
  let others = context.controllers.filter { ($0.install?.value ?? .snap) != expected }
  guard let first = others.first, let kind = first.install else { return }
  report.report(
    "\(context.name(first.host)) is installed as \(kind.value.rawValue), others as \(expected.rawValue)", at: kind.span,
    secondary: others.dropFirst().compactMap { $0.install }.filter { $0.span != kind.span }.map { Label($0.span, "and here") },
    help: "use one kind for all controllers")
}
