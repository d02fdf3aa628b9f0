package import Diagnostics
import MAASFacts
import NetworkTypes
package import YAMLSyntax

/// The known numbers of `schema:`.
package let knownSchemas = [1]

/// Makes the model from the tree. Every mistake is reported; nil when the root is no mapping, and then rules cannot run. `map` learns the
/// uses of aliases.
package func readTopology(_ tree: Tree, _ file: SourceFile, _ map: inout SourceMap, _ findings: inout Findings) -> Topology? {
  tree.withView { view -> Topology? in
    var reader = TopologyReader(view, file, map)
    guard !view.isEmpty, !reader.isEmpty(view.root) else {
      findings.report(
        Diagnostic(
          .missingKey, .error, "the file is empty, a topology begins with 'schema: 1'", at: Span(file.base, file.base),
          help: "start from: maasc init"))
      return nil
    }
    let untouched = reader
    reader.declareLostSections()
    var topology = reader.readRoot()
    // A host called backup is no lost section: where nothing is wrong, nothing was lost.
    if topology?.isComplete == false, !reader.hasErrors {
      reader = untouched
      topology = reader.readRoot()
    }
    if topology != nil { reader.reportUnused(tree.anchors) }
    topology?.errorPlaces = reader.findings.diagnostics.filter { $0.severity == .error }.map(\.primary.span.lower).sorted()
    map = reader.map
    findings.append(contentsOf: reader.findings.diagnostics)
    return topology
  }
}

/// The shape of the whole language.
package func topologySchema() -> Schema {
  TopologyReader.record { reader in _ = Topology.read(.none, &reader) }
}

extension Topology {
  /// The sections in the order in which they need each other: names first, then what refers to them.
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Topology? {
    var broken = BrokenSections(reader)
    _ = reader.scalar("schema", .schemaNumber, "Version of the topology language.", required: true)
    let name = reader.scalar("name", .name, "Name of the installation; part of file names.", required: true)
    broken.close(.head, reader)
    let secrets = reader.readSecrets()
    broken.close(.secrets, reader)
    var hosts = reader.readHosts()
    broken.close(.hosts, reader)
    let regions = reader.readRegions()
    broken.close(.regions, reader)
    let racks = reader.readRacks()
    broken.close(.racks, reader)
    for region in regions { hosts[region.host.value.index].region = region.id }
    for rack in racks { hosts[rack.host.value.index].rack = rack.id }
    let vmHosts =
      reader.named("vm_hosts", .host, "Hosts that run virtual machines for MAAS; up to 3.8.") { host, _, reader -> VMHost? in
        let kind = VMHost.read(&reader)
        return host.map { VMHost(host: $0, kind: kind) }
      } ?? []
    broken.close(.vmHosts, reader)
    let maas = reader.mapping("maas", "The installation as a whole.", required: true) { span, reader in MAAS.read(span, &reader) }
    broken.close(.maas, reader)
    let postgresql = reader.mapping("postgresql", "The database.", required: true) { span, reader in PostgreSQL.read(span, &reader) }
    broken.close(.postgresql, reader)
    let balancer = reader.readBalancer()
    broken.close(.balancer, reader)
    let packages = reader.mapping("packages", "Where packages come from.") { _, reader in Packages.read(&reader) }
    broken.close(.rest, reader)
    let (fabrics, vlans) = reader.readFabrics()
    broken.close(.fabrics, reader)
    let firewall = reader.mapping("firewall", "Packet filters of the hosts.") { span, reader in Firewall.read(span, &reader) }
    let backup = reader.mapping("backup", "Backups of database and files.") { span, reader in Backup.read(span, &reader) }
    let manage = reader.readManage("What maasc may write on hosts, by component.")
    broken.close(.rest, reader)
    broken.add(reader.losses.sections)
    // Its host may be one that could not be read, which was reported elsewhere.
    if backup == nil, reader.keySpan("backup") != nil { broken.add(.rest) }
    return Topology(
      file: reader.file, span: span, name: name ?? Located("", at: span), maas: maas ?? MAAS(unreadable: span), packages: packages ?? Packages(),
      secrets: secrets, hosts: hosts, regions: regions,
      racks: racks, vmHosts: vmHosts, vmHostsKey: reader.keySpan("vm_hosts"), postgresql: postgresql ?? PostgreSQL(unreadable: span),
      balancer: balancer, fabrics: fabrics, vlans: vlans,
      firewall: firewall ?? Firewall(span: span, manager: nil, management: [], allow: []), backup: backup, manage: manage ?? Manage(),
      broken: broken.sections, lossy: broken.lossy)
  }
}

/// Notes in which sections errors were found.
private struct BrokenSections {
  private(set) var sections: Topology.Sections = []
  /// Those of which entries were lost.
  private(set) var lossy: Topology.Sections = []
  private var seen: Int
  private var losses: Int

  init(_ reader: TopologyReader) { (seen, losses) = (reader.findings.diagnostics.count, reader.losses.count) }

  /// Of these nothing could be read.
  mutating func add(_ lost: Topology.Sections) {
    sections.formUnion(lost)
    lossy.formUnion(lost)
  }

  /// What was reported since the last call belongs to this section.
  mutating func close(_ section: Topology.Sections, _ reader: borrowing TopologyReader) {
    if reader.findings.diagnostics[seen...].contains(where: { $0.severity == .error }) { sections.insert(section) }
    if reader.losses.count > losses { lossy.insert(section) }
    (seen, losses) = (reader.findings.diagnostics.count, reader.losses.count)
  }
}

extension TopologyReader {
  fileprivate var hasErrors: Bool { findings.diagnostics.contains { $0.severity == .error } }

  fileprivate mutating func readRoot() -> Topology? {
    declareVLANs()
    return readMapping(tree.root) { span, reader in Topology.read(span, &reader) }
  }

  /// VLANs refer to racks, racks to hosts, and hosts to VLANs: so the names of VLANs are known before anything is read. Names that will
  /// be refused are left out, as `readFabrics` leaves their VLANs out.
  mutating func declareVLANs() {
    guard let fabrics = peek(tree.root).first(where: { tree.matches($0.key, "fabrics") }) else { return }
    for fabric in peek(fabrics.value) where isAcceptableName(tree.bytes(fabric.key)) {
      let number = names.vlans.declare(fabric: tree.bytes(fabric.key))
      for vlan in peek(fabric.value) where isAcceptableName(tree.bytes(vlan.key)) {
        names.vlans.declare(tree.bytes(vlan.key), inFabric: number)
      }
    }
  }

  mutating func readSecrets() -> [Secret] {
    let secrets = named("secrets", .name, "Where values are found at deploy time; no value ever stands in the file.") {
      name, span, reader -> Secret? in
      var secret = Secret.read(name, span, &reader)
      guard let name else { return nil }
      guard secret != nil, let id = reader.names.secrets.declare(name.value, SecretID.init) else {
        reader.names.secrets.poison(name.value)
        return nil
      }
      secret?.id = id
      reader.declaredSpans.secrets.append(name.span)
      return secret
    }
    if !findings.diagnostics.isEmpty { for name in keys(of: "secrets") { names.secrets.poison(name) } }
    return secrets ?? []
  }

  mutating func readHosts() -> [Host] {
    let before = losses.count
    let hosts = named("hosts", .hostName, "Machines; what they do is said elsewhere.", required: true) { name, span, reader -> Host? in
      var host = Host.read(name, span, &reader)
      guard let name else { return nil }
      guard host != nil, let id = reader.names.hosts.declare(name.value.description, HostID.init) else {
        reader.names.hosts.poison(name.value.description)
        return nil
      }
      host?.id = id
      reader.declaredSpans.hosts.append(name.span)
      return host
    }
    // An entry whose name itself was refused is poisoned too, so that a reference to it is not a second finding.
    guard !findings.diagnostics.isEmpty || losses.count > before else { return hosts ?? [] }
    let keys = keys(of: "hosts")
    for name in keys { names.hosts.poison(name) }
    // A host that lacks something is still there to be counted.
    if hosts?.count == keys.count { losses.count = before }
    return hosts ?? []
  }

  /// The keys of a section, read or not.
  private mutating func keys(of section: StaticString) -> [String] {
    guard let entry = peek(tree.root).first(where: { tree.matches($0.key, section) }) else { return [] }
    return peek(entry.value).map { tree.text($0.key) }
  }

  mutating func readRegions() -> [Region] {
    var taken: Set<HostID> = []
    return named("regions", .host, "Region controllers.", required: true) { host, span, reader in
      var region = Region.read(host, span, &reader)
      guard let host, taken.insert(host.value).inserted else { return nil }
      region?.id = RegionID(taken.count - 1)
      return region
    } ?? []
  }

  mutating func readRacks() -> [Rack] {
    let racks = named("racks", .host, "Rack controllers.", required: true) { host, span, reader -> Rack? in
      var rack = Rack.read(host, span, &reader)
      guard let host else { return nil }
      guard rack != nil, let id = reader.names.racks.declare(reader.names.hosts.name(host.value.index), RackID.init) else { return nil }
      rack?.id = id
      return rack
    }
    if !findings.diagnostics.isEmpty { for name in keys(of: "racks") { names.racks.poison(name) } }
    return racks ?? []
  }

  mutating func readBalancer() -> Balancer {
    let haproxy = mapping("haproxy", "The load balancer that maasc writes.") { span, reader in HAProxy.read(span, &reader) }
    let external = mapping("load_balancer", "A load balancer that somebody else runs, instead of haproxy.") { _, reader in
      reader.mapping("external", "Where it is and what it passes.", required: true) { span, reader in ExternalBalancer.read(span, &reader) }
    }
    if haproxy != nil, external != nil, let second = keySpan("load_balancer"), let first = keySpan("haproxy") {
      findings.report(
        Diagnostic(
          .unknownKey, .error, "load_balancer stands instead of haproxy, here are both", at: second, secondary: [Label(first, "the other one")],
          help: "remove one of them"))
    }
    if let haproxy { return .haproxy(haproxy) }
    return external.map(Balancer.external) ?? .none
  }

  mutating func readFabrics() -> ([Fabric], [VLAN]) {
    var vlans: [VLAN] = []
    vlans.reserveCapacity(names.vlans.count)
    let schema = recorded { reader in _ = VLAN.read(VLANID(0), Located("", at: .none), Located("", at: .none), .none, &reader) }
    let inner = Schema.named(key: ScalarType<String>.name.schema(), keyNoun: "name", value: schema ?? .boolean)
    let outer = Schema.named(key: ScalarType<String>.name.schema(), keyNoun: "name", value: inner)
    let fabrics = custom("fabrics", outer, "Layer 2 networks: fabric to VLANs.") { node, reader in
      reader.readNamed(node, .name) { fabric, node, reader -> Fabric? in
        let ids = reader.readNamed(node, .name) { name, value, reader -> VLANID? in
          // Not the declared one: its key stands a second time.
          guard reader.names.vlans.isDeclared(vlans.count, fabric: fabric.value, name: name.value) else { return nil }
          let id = VLANID(vlans.count)
          let vlan = reader.readMapping(value) { span, reader in VLAN.read(id, name, fabric, span, &reader) }
          vlans.append(vlan ?? VLAN(poisoned: id, name, fabric))
          return id
        }
        return Fabric(name: fabric, vlans: ids ?? [])
      }
    }
    return (fabrics ?? [], vlans)
  }
}

extension ScalarType where Value == Int {
  static var schemaNumber: ScalarType<Int> {
    ScalarType(noun: "version of the topology language", schema: .constant(1)) { text, _ in
      guard !text.isQuoted, let number = coreInteger(text.text), knownSchemas.contains(number) else {
        let known = knownSchemas.map(String.init).joined(separator: ", ")
        return .bad(reason: "this maasc knows \(known)", suggestion: knownSchemas.last.map(String.init))
      }
      return .value(number)
    }
  }
}
