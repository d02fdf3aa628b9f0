import Diagnostics
import Formats
import MAASFacts
import Topology

/// Where a host's packages come from, and in which versions.
struct AptSetup {
  let host: HostPlan
  let packages: Packages
  let origin: Span
  private let header: [String]

  static let pinsPath = "/etc/apt/preferences.d/maasc.pref"
  static let sourcesPath = "/etc/apt/sources.list.d/maasc.sources"
  /// The site's own sources file travels like a secret: deploy.sh reads it where it runs.
  private static let sourcesName = "apt-sources"

  init(_ builder: PlanBuilder, _ id: HostID) {
    host = builder[id]
    packages = builder.topology.packages
    origin = builder.topology[id].span
    header = builder.header("packages.apt")
  }

  /// Nil where the distribution's own archive and versions serve.
  func step(_ builder: inout PlanBuilder) -> Step? {
    var actions: [(isDone: Shell, apply: Shell)] = []
    var secrets: [String] = []
    if let pins {
      builder[host.id].files.append(pins)
      actions.append((.areCurrent([pins]), .install([pins])))
    }
    if let sources = packages.aptSources {
      secrets.append(carrySources(sources, &builder))
      actions.append(ownSources)
    }
    guard !actions.isEmpty else { return nil }
    return Step(
      host: host, phase: .packages, name: "sources", title: "Say where packages come from",
      why: "All controllers must get the same MAAS, from the archive and in the version that the topology names.",
      after: builder.after(.ready), check: .lines(actions.map(\.isDone)), apply: .lines(actions.map(\.apply)), verify: .lines(actions.map(\.isDone)),
      secrets: secrets, origin: packages.aptSources?.span ?? packages.aptVersions.first?.name.span ?? origin)
  }

  private var pins: PlannedFile? {
    guard !packages.aptVersions.isEmpty else { return nil }
    let pins = packages.aptVersions.map { setting in
      AptPreferences.Pin(
        // All packages that are built from MAAS' source are of one version.
        package: setting.name.value == "maas" ? "src:maas" : AptWord(sanitizing: setting.name.value),
        pin: LineText(sanitizing: "version \(setting.value.value.text)"), priority: 1001,
        origin: setting.name.span)
    }
    return PlannedFile(
      path: Self.pinsPath, content: AptPreferences(pins: pins).render(header: header), keyPath: "packages.apt.versions",
      origin: packages.aptVersions[0].name.span)
  }

  private func carrySources(_ sources: Located<String>, _ builder: inout PlanBuilder) -> String {
    if !builder.secrets.contains(where: { $0.name == Self.sourcesName }) {
      builder.secrets.append(
        SecretNeed(name: Self.sourcesName, source: .declared(.file(sources.value)), reader: .operator, perHost: false, charset: .text))
    }
    return Self.sourcesName
  }

  private var ownSources: (isDone: Shell, apply: Shell) {
    (
      "secret \(Self.sourcesName) | cmp -s - \(Self.sourcesPath)",
      """
      install -m 644 /dev/null \(Self.sourcesPath)
      secret \(Self.sourcesName) >\(Self.sourcesPath)
      """
    )
  }
}
