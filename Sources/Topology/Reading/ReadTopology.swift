package import Diagnostics
import MAASFacts
import NetworkTypes
package import YAMLSyntax

/// The known numbers of `schema:`.
package let knownSchemas = [1]

/// Makes the model from the tree. Every mistake is reported; nil when so much is missing that no model can be made (no `maas`, no
/// `postgresql`), and then rules cannot run. `map` learns the uses of aliases.
package func readTopology(_ tree: Tree, _ file: SourceFile, _ map: inout SourceMap, _ findings: inout Findings) -> Topology? {
  var reader = TopologyReader(tree, map)
  guard !tree.nodes.isEmpty, !reader.isEmpty(tree.root) else {
    findings.report(
      Diagnostic(.missingKey, .error, "the file is empty, a topology begins with 'schema: 1'", at: Span(file.base, file.base), help: "start from: maasc init"))
    return nil
  }
  reader.declareVLANs()
  let topology = reader.readMapping(tree.root) { span, reader in Topology.read(span, &reader) }
  if topology != nil { reader.reportUnused() }
  map = reader.map
  findings.append(contentsOf: reader.findings.diagnostics)
  return topology
}

/// The shape of the whole language.
package func topologySchema() -> Schema {
  TopologyReader.record { reader in _ = Topology.read(.none, &reader) }
}

extension Topology {
  /// The sections in the order in which they need each other: names first, then what refers to them.
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Topology? {
    let before = reader.findings.diagnostics.count
    _ = reader.scalar("schema", .schemaNumber, "Version of the topology language.", required: true)
    let name = reader.scalar("name", .name, "Name of the installation; part of file names.", required: true)
    let secrets = reader.readSecrets()
    let hosts = reader.readHosts()
    let regions = reader.readRegions()
    let racks = reader.readRacks()
    let vmHosts =
      reader.named("vm_hosts", .host, "Hosts that run virtual machines for MAAS; up to 3.8.") { host, _, reader -> VMHost? in
        let kind = VMHost.read(&reader)
        return host.map { VMHost(host: $0, kind: kind) }
      } ?? []
    let maas = reader.mapping("maas", "The installation as a whole.", required: true) { span, reader in MAAS.read(span, &reader) }
    let postgresql = reader.mapping("postgresql", "The database.", required: true) { span, reader in PostgreSQL.read(span, &reader) }
    let balancer = reader.readBalancer()
    let packages = reader.mapping("packages", "Where packages come from.") { _, reader in Packages.read(&reader) }
    let (fabrics, vlans) = reader.readFabrics()
    let firewall = reader.mapping("firewall", "Packet filters of the hosts.") { span, reader in Firewall.read(span, &reader) }
    let backup = reader.mapping("backup", "Backups of database and files.") { span, reader in Backup.read(span, &reader) }
    let manage = reader.readManage("What maasc may write on hosts, by component.")
    guard let name, let maas, let postgresql else { return nil }
    let isComplete = !reader.findings.diagnostics[before...].contains { $0.severity == .error }
    return Topology(
      file: reader.tree.file, span: span, name: name, maas: maas, packages: packages ?? Packages(), secrets: secrets, hosts: hosts, regions: regions,
      racks: racks, vmHosts: vmHosts, postgresql: postgresql, balancer: balancer, fabrics: fabrics, vlans: vlans,
      firewall: firewall ?? Firewall(span: span, manager: nil, management: [], allow: []), backup: backup, manage: manage ?? Manage(),
      isComplete: isComplete)
  }
}

extension TopologyReader {
  /// VLANs refer to racks, racks to hosts, and hosts to VLANs: so the names of VLANs are known before anything is read.
  mutating func declareVLANs() {
    guard let fabrics = peek(tree.root).first(where: { tree.matches($0.key, "fabrics") }) else { return }
    for fabric in peek(fabrics.value) {
      for vlan in peek(fabric.value) {
        names.vlans.declare(fabric: tree.text(fabric.key), vlan: tree.text(vlan.key), VLANID(names.vlans.paths.count))
      }
    }
  }

  mutating func readSecrets() -> [Secret] {
    var secrets = named("secrets", .name, "Where values are found at deploy time; no value ever stands in the file.") { name, span, reader -> Secret? in
      let secret = Secret.read(name, span, &reader)
      if secret == nil, let name { reader.names.secrets.poison(name.value) }
      return secret
    } ?? []
    secrets = secrets.distinct(by: \.name.value)
    for index in secrets.indices {
      secrets[index].id = SecretID(index)
      names.secrets.declare(secrets[index].name.value, SecretID(index))
      declaredSpans.secrets.append(secrets[index].name.span)
    }
    return secrets
  }

  mutating func readHosts() -> [Host] {
    var hosts = named("hosts", .hostName, "Machines; what they do is said elsewhere.", required: true) { name, span, reader -> Host? in
      let host = Host.read(name, span, &reader)
      if host == nil, let name { reader.names.hosts.poison(name.value.description) }
      return host
    } ?? []
    hosts = hosts.distinct(by: \.name.value.description)
    for index in hosts.indices {
      hosts[index].id = HostID(index)
      names.hosts.declare(hosts[index].name.value.description, HostID(index))
      declaredSpans.hosts.append(hosts[index].name.span)
    }
    poisonUnread(tree.root, "hosts")
    return hosts
  }

  /// Entries whose name itself was refused are poisoned too, so that a reference to them is not a second finding.
  private mutating func poisonUnread(_ root: NodeReference, _ key: StaticString) {
    guard let section = peek(root).first(where: { tree.matches($0.key, key) }) else { return }
    for entry in peek(section.value) { names.hosts.poison(tree.text(entry.key)) }
  }

  mutating func readRegions() -> [Region] {
    var regions = named("regions", .host, "Region controllers.", required: true) { host, span, reader in Region.read(host, span, &reader) } ?? []
    regions = regions.distinct(by: \.host.value.index)
    for index in regions.indices { regions[index].id = RegionID(index) }
    return regions
  }

  mutating func readRacks() -> [Rack] {
    var racks = named("racks", .host, "Rack controllers.", required: true) { host, span, reader in Rack.read(host, span, &reader) } ?? []
    racks = racks.distinct(by: \.host.value.index)
    for index in racks.indices {
      racks[index].id = RackID(index)
      names.racks.declare(names.hosts.names[racks[index].host.value.index], RackID(index))
    }
    if let section = peek(tree.root).first(where: { tree.matches($0.key, "racks") }) {
      for entry in peek(section.value) { names.racks.poison(tree.text(entry.key)) }
    }
    return racks
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
    let schema = recorded { reader in _ = VLAN.read(VLANID(0), Located("", at: .none), Located("", at: .none), .none, &reader) }
    let inner = Schema.named(key: ScalarType<String>.name.schema, keyNoun: "name", value: schema ?? .boolean)
    let outer = Schema.named(key: ScalarType<String>.name.schema, keyNoun: "name", value: inner)
    let fabrics = custom("fabrics", outer, "Layer 2 networks: fabric to VLANs.") { node, reader in
      reader.readNamed(node, .name) { fabric, node, reader -> Fabric? in
        let ids = reader.readNamed(node, .name) { name, value, reader -> VLANID? in
          reader.readMapping(value) { span, reader in
            guard let id = reader.names.vlans.find(fabric.value + "/" + name.value).first, id.index == vlans.count else { return nil }
            vlans.append(VLAN.read(id, name, fabric, span, &reader))
            return id
          }
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

extension Array {
  /// The first of each key; the parser has reported the others.
  func distinct<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var seen: Set<Key> = []
    seen.reserveCapacity(count)
    return filter { seen.insert(key($0)).inserted }
  }
}
