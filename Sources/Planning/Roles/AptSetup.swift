import Diagnostics
import Formats
import MAASFacts
import Topology

/// Where a host's packages come from, and in which versions.
struct AptSetup {
  let host: HostPlan
  let packages: Packages
  let origin: Span
  /// Of the site's own sources file.
  private let text: String?
  private let header: [String]

  static let pinsPath = "/etc/apt/preferences.d/maasc.pref"
  static let sourcesPath = "/etc/apt/sources.list.d/maasc.sources"

  init(_ builder: PlanBuilder, _ id: HostID) {
    host = builder[id]
    packages = builder.topology.packages
    text = builder.topology.aptSources
    origin = builder.topology[id].span
    header = builder.header("packages.apt")
  }

  /// Nil where the distribution's own archive and versions serve.
  func step(_ builder: inout PlanBuilder) -> Step? {
    let files = [pins, sources].compactMap { $0 }
    guard !files.isEmpty else { return nil }
    builder[host.id].files += files
    return Step(
      host: host, phase: .packages, name: "sources", title: "Say where packages come from",
      why: "All controllers must get the same MAAS, from the archive and in the version that the topology names.",
      after: builder.after(.ready), check: .areCurrent(files), apply: .install(files), verify: .areCurrent(files),
      rollback: .lines(files.map { "restore_file \($0.path)" }), origin: packages.aptSources?.span ?? packages.aptVersions.first?.name.span ?? origin)
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

  private var sources: PlannedFile? {
    guard let path = packages.aptSources, let text else { return nil }
    return PlannedFile(
      path: Self.sourcesPath, content: PlainText(text, origin: path.span).render(header: header), keyPath: "packages.apt.sources", origin: path.span)
  }
}
