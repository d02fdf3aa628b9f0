import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// regiond.conf and rackd.conf. MAAS rewrites both, so our keys are merged into them, and they are judged by value.
enum MAASConf {
  /// Files, packages, services and probes of a controller.
  static func describe(_ host: MAASHost, _ builder: inout PlanBuilder) {
    let isManaged = builder.topology.level(of: .maas, on: host.host) == .full
    builder[host.host].files += files(host, &builder).map {
      var file = $0
      file.isInstalled = isManaged
      return file
    }
    for unit in host.paths.units(host.roles) where !builder[host.host].services.contains(where: { $0.unit == unit }) {
      builder[host.host].services.append(PlannedService(unit))
    }
    builder[host.host].probes += ControllerProbes.all(host, builder)
  }

  /// Puts the files there before MAAS makes them, which it would do readable by everyone; later, brings our keys up to date.
  static func step(_ host: MAASHost, _ phase: Phase, _ builder: inout PlanBuilder) -> Step {
    let files = files(host, &builder)
    let names = files.map { $0.path.split(separator: "/").last.map(String.init) ?? $0.path }
    return Step(
      host: builder[host.host], phase: phase, name: "configuration", title: "Merge our keys into \(names.joined(separator: " and "))",
      why: "MAAS writes these files too: keys that are not ours stay. They hold a password, so they exist with their mode before MAAS fills them.",
      check: "[[ ! -e $STATE/maas-restart ]]\n\(Shell.lines(files.map { current($0, host, builder) }))",
      apply: merge(files, host, builder) + host.reread, verify: Shell.lines(files.map { current($0, host, builder) }),
      rollback: Shell.lines(files.map { "restore_file \($0.path)" }) + "touch \"$STATE/maas-restart\"" + host.reread,
      secrets: files.flatMap(\.secrets), origin: files.first?.origin ?? .none)
  }

  /// The list of URLs again, after `maas init` wrote its one; what it wrote into regiond.conf are the values that stand there.
  static func mergeRackd(_ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    guard let rack = builder.topology.racks.first(where: { $0.host.value == host.host }) else { return "" }
    return merge([rackd(rack, host, builder)], host, builder) + host.reread
  }

  private static func merge(_ files: [PlannedFile], _ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    Shell.lines(
      files.map { file in
        let merge: Shell = "maas_merge \(file.path) \(file.owner) \(file.group) \(raw: octal(file.mode))"
        return guarded(merge, file, host, builder)
      })
  }

  private static func current(_ file: PlannedFile, _ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    guarded("merged_current \(file.path) \(file.owner) \(file.group) \(raw: octal(file.mode))", file, host, builder)
  }

  /// Once MAAS has moved the database's credentials to Vault, writing them again would leak them; the topology must say so, but a second run of
  /// the same bundle must not do harm.
  private static func guarded(_ action: Shell, _ file: PlannedFile, _ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    guard file.path == host.paths.regiondConf, let vault = builder.topology.maas.vault, vault.migrated?.value != true else { return action }
    return """
      if vault_has_database \(file.path); then
        say 'Vault holds the database credentials: set maas.vault.migrated to true and compile again'
      else
        \(action)
      fi
      """
  }

  private static func octal(_ mode: UInt16) -> String { String(mode, radix: 8) }

  static func files(_ host: MAASHost, _ builder: inout PlanBuilder) -> [PlannedFile] {
    var files: [PlannedFile] = []
    if let region = builder.topology.regions.first(where: { $0.host.value == host.host }) { files.append(regiond(region, host, &builder)) }
    if let rack = builder.topology.racks.first(where: { $0.host.value == host.host }) { files.append(rackd(rack, host, builder)) }
    return files
  }

  private static func regiond(_ region: Region, _ host: MAASHost, _ builder: inout PlanBuilder) -> PlannedFile {
    let settings = RegiondSettings(region, host, &builder)
    let keyPath = "regions.\(builder[host.host].name)"
    return PlannedFile(
      path: host.paths.regiondConf, owner: host.paths.owner, group: host.paths.group, mode: host.paths.mode, policy: .merged,
      content: RegiondConf(settings: settings.all).render(header: builder.header(keyPath)), secrets: settings.secrets, keyPath: keyPath,
      origin: region.span)
  }

  private static func rackd(_ rack: Rack, _ host: MAASHost, _ builder: PlanBuilder) -> PlannedFile {
    let urls = builder.topology.rackURLs(of: rack)
    let options = rack.overrides.options.compactMap { typedOption($0, ControllerOptions.rackd, host.version) }
    let settings = [Formats.MAASSetting("maas_url", .texts(urls.value.map(\.description)), origin: urls.span ?? rack.span)] + options
    let keyPath = "racks.\(builder[host.host].name)"
    return PlannedFile(
      path: host.paths.rackdConf, owner: host.paths.owner, group: host.paths.group, mode: host.paths.mode, policy: .merged,
      content: RackdConf(settings: settings).render(header: builder.header(keyPath)), keyPath: keyPath, origin: rack.span)
  }

  /// A further option of the topology as MAAS reads it; what the fact table does not know, or cannot read so, is left out, since rules refused it.
  static func typedOption(_ option: Setting, _ table: [ControllerOption], _ version: MAASVersion) -> Formats.MAASSetting? {
    let text = option.value.value.text
    let value: Formats.MAASSetting.Value? =
      switch table.option(option.name.value, for: version)?.kind {
      case .integer?: coreInteger(text).map { .integer($0) }
      case .boolean?: .boolean(["true", "True", "TRUE"].contains(text))
      case .text?, .url?, .uuid?, .directory?: .text(text)
      case .urlList?: .texts([text])
      case nil: nil
      }
    return value.map { Formats.MAASSetting(option.name.value, $0, origin: option.name.span.union(option.value.span)) }
  }
}

/// The keys of one region's regiond.conf.
struct RegiondSettings {
  private(set) var all: [Formats.MAASSetting] = []
  private(set) var secrets: [String] = []

  init(_ region: Region, _ host: MAASHost, _ builder: inout PlanBuilder) {
    let topology = builder.topology
    let url = topology.maasURL(of: region)
    add("maas_url", .text(url.value.description), url.span ?? region.span)
    addDatabase(&builder)
    let workers = topology.numWorkers(of: region)
    add("num_workers", .integer(workers.value), workers.span ?? region.span)
    if let address = topology.broadcastAddress(of: region) { add("broadcast_address", .text(address.value.description), address.span ?? region.span) }
    let table = ControllerOptions.regiond + ControllerOptions.openFGA
    for option in region.overrides.options.compactMap({ MAASConf.typedOption($0, table, host.version) }) {
      all.removeAll { $0.key == option.key }
      all.append(option)
    }
  }

  /// All keys are written even where they are MAAS' defaults: OpenFGA (3.8) reads the file by itself and knows no defaults. With Vault in charge,
  /// what Vault holds is left out.
  private mutating func addDatabase(_ builder: inout PlanBuilder) {
    let database = DatabaseQuery(&builder)
    let span = builder.topology.postgresql.database.span
    add("database_host", .text(database.host), span)
    add("database_port", .integer(database.port), span)
    guard builder.topology.maas.vault?.migrated?.value != true else { return }
    add("database_name", .text(database.name), span)
    add("database_user", .text(database.user), span)
    guard let password = database.password else { return }
    add("database_pass", .secret(SecretPlaceholder(password)), span)
    secrets = [password]
  }

  private mutating func add(_ key: String, _ value: Formats.MAASSetting.Value, _ origin: Span) {
    all.append(Formats.MAASSetting(key, value, origin: origin))
  }
}
