package import Diagnostics
package import NetworkTypes

package struct Firewall: Sendable {
  package enum Manager: String, Sendable, CaseIterable { case none, nftables }
  package var span: Span
  package var manager: Located<Manager>?
  /// Where ssh and operators come from.
  package var management: [Located<IPNetwork>]
  package var allow: [Allowance]

  package var isManaged: Bool { manager?.value == .nftables }

  /// `{from: [10.9.1.0/24], tcp: [9100]}`.
  package struct Allowance: Sendable {
    package var span: Span
    package var from: [Located<IPNetwork>]
    package var tcp: [Located<PortRange>]
    package var udp: [Located<PortRange>]
  }
}

package struct Backup: Sendable {
  package var span: Span
  package var kind: Kind

  package enum Kind: Sendable {
    case ours(OwnBackup)
    /// The site's own system, described in words.
    case external(Located<String>)
  }
}

package struct OwnBackup: Sendable {
  package var host: Located<HostID>
  /// Default `/var/backups/maas`.
  package var directory: Located<String>?
  /// How many are kept, default 7.
  package var keep: Located<Int>?
  /// A place off the hosts, `ops@store.example.net:/maas`.
  package var copyTo: Located<String>?
}

/// What maasc may write on hosts.
package struct Manage: Sendable {
  package enum Level: String, Sendable, CaseIterable { case full, observe, none }
  package enum Component: String, Sendable, CaseIterable { case maas, networks, haproxy, keepalived, postgresql, firewall, packages }

  package var fallback: Located<Level>?
  package var components: [(component: Component, level: Located<Level>)]
  package init(fallback: Located<Level>? = nil, components: [(component: Component, level: Located<Level>)] = []) {
    self.fallback = fallback
    self.components = components
  }

  package func level(of component: Component) -> Level? {
    components.first { $0.component == component }?.level.value ?? fallback?.value
  }
}

extension Topology {
  /// The level in force: the host's own word, else the installation's, else `full`.
  package func level(of component: Manage.Component, on host: HostID? = nil) -> Manage.Level {
    let own = host.flatMap { self[$0].manage?.level(of: component) }
    return own ?? manage.level(of: component) ?? .full
  }
}

// MARK: Reading

extension Firewall {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Firewall {
    let manager =
      reader.scalar("manage", .choice("firewall manager"), "nftables: maasc writes the hosts' rules; none, the default.") as Located<Manager>?
    let management = reader.list("management", .network, "Networks that ssh and operators come from.")
    let allow = reader.mappings("allow", "Further sources that are let in.") { span, reader -> Allowance in
      Allowance(
        span: span, from: reader.list("from", .network, "Source networks."),
        tcp: reader.list("tcp", .portRange, "TCP ports or ranges, 9100 or 5250-5259."),
        udp: reader.list("udp", .portRange, "UDP ports or ranges."))
    }
    return Firewall(span: span, manager: manager, management: management, allow: allow)
  }
}

extension ScalarType where Value == PortRange {
  static var portRange: ScalarType<PortRange> {
    let schema = Schema.either([.integer(1...65535), .text(noun: "port range", pattern: "^[0-9]{1,5}-[0-9]{1,5}$", examples: ["5250-5259"])])
    return ScalarType(noun: "port or port range", schema: schema) { text, _ in
      let parts = text.text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      let numbers = parts.compactMap(coreInteger).filter { (1...65535).contains($0) }
      guard (1...2).contains(parts.count), numbers.count == parts.count, let first = numbers.first, let last = numbers.last, first <= last else {
        return .bad(reason: "wanted is a port, or FIRST-LAST")
      }
      return .value(PortRange(first, last))
    }
  }
}

extension Backup {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Backup? {
    let host = reader.scalar("host", .host, "The host that keeps the backups.")
    let directory = reader.scalar("directory", .absolutePath, "Where, default /var/backups/maas.")
    let keep = reader.scalar("keep", .integer(1...3650), "How many are kept, default 7.")
    let copyTo = reader.scalar("copy_to", .text, "A place off the hosts, as scp takes it (ops@store.example.net:/maas); never cleared.")
    let external = reader.scalar("external", .text, "In words: the site's own system that backs MAAS up.")
    reader.requireOne(of: ["host", "external"])
    if let external { return Backup(span: span, kind: .external(external)) }
    guard let host else { return nil }
    return Backup(span: span, kind: .ours(OwnBackup(host: host, directory: directory, keep: keep, copyTo: copyTo)))
  }
}

extension TopologyReader {
  /// A level for everything, or a mapping with a level for each component.
  mutating func readManage(_ doc: StaticString) -> Manage? {
    let fields = recorded { reader in _ = Manage.readLevels(&reader) }
    let schema = fields.map { Schema.either([ScalarType<Manage.Level>.level.schema(), $0]) }
    return custom("manage", schema, doc) { node, reader in
      if reader.isScalar(node), !reader.isEmpty(node) { return reader.readScalar(node, .level).map { Manage(fallback: $0) } }
      return reader.readMapping(node) { _, reader in Manage.readLevels(&reader) }
    }
  }
}

extension ScalarType where Value == Manage.Level {
  static var level: ScalarType<Manage.Level> { .choice("management level") }
}

extension Manage {
  static func readLevels(_ reader: inout TopologyReader) -> Manage {
    let fallback = reader.scalar("default", .level, "Of every component that says nothing: full (default), observe or none.")
    let levels: [(Component, Located<Level>?)] = [
      (.maas, reader.scalar("maas", .level, "Region and rack controllers.")),
      (.networks, reader.scalar("networks", .level, "Fabrics, VLANs, subnets, ranges and DHCP in MAAS.")),
      (.haproxy, reader.scalar("haproxy", .level, "HAProxy.")),
      (.keepalived, reader.scalar("keepalived", .level, "keepalived and the virtual addresses.")),
      (.postgresql, reader.scalar("postgresql", .level, "PostgreSQL, Patroni and etcd.")),
      (.firewall, reader.scalar("firewall", .level, "nftables rules.")),
      (.packages, reader.scalar("packages", .level, "Installation and holding of packages.")),
    ]
    return Manage(fallback: fallback, components: levels.compactMap { entry in entry.1.map { (component: entry.0, level: $0) } })
  }
}
