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
      channel of another release line than `version`, or a pin of apt to another release, installs what the file does not describe. Snap and deb side by side work, but every \
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
      .bad(
        "apt is pinned to another release", as: .error,
        """
        maas:
          version: "3.6.4"
          install: deb
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        packages: {apt: {versions: {maas: ⟦"1:3.6.5-*"⟧}}}
        """),
      .good(
        "apt is pinned to a release of the line",
        """
        maas:
          version: "3.6"
          install: deb
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        packages: {apt: {versions: {maas: "1:3.6.5-*", postgresql-16: "16.4-*"}}}
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
      reportForeignPins(context, &report)
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

/// A pin of a MAAS package to a release that no controller with Debian packages is to run.
private func reportForeignPins(_ context: RuleContext, _ report: inout Reporter) {
  let wanted = context.controllers.filter { $0.install?.value == .deb }.map(\.version)
  guard let first = wanted.first else { return }
  for pin in context.topology.packages.aptVersions where pin.name.value == "maas" || pin.name.value.hasPrefix("maas-") {
    guard let release = MAASVersion(pinnedTo: pin.value.value.text), !wanted.contains(where: { $0.value.mayBe(release) }) else { continue }
    report.report(
      "apt is pinned to MAAS \(release), wanted is \(first.value)", at: pin.value.span, as: .error,
      secondary: [Label(first.span, "the version that is wanted")], help: "pin to a release of \(first.value), or change the version")
  }
}

extension MAASVersion {
  /// Reads apt's `1:3.6.5-*` or `1:3.6.*`; nil where the pattern does not name a release line.
  fileprivate init?(pinnedTo pattern: String) {
    let upstream = pattern.split(separator: ":", maxSplits: 1).last ?? ""
    let numbers = upstream.split(separator: ".", maxSplits: 2).map { Int($0.prefix(while: \.isNumber)) }
    guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor, numbers.count == 3 ? numbers[2] : nil)
  }

  /// A version without a patch release is any of its line.
  fileprivate func mayBe(_ other: MAASVersion) -> Bool {
    line == other.line && (patch == nil || other.patch == nil || patch == other.patch)
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
