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

/// `9100` or `5250-5259`.
package struct PortRange: Hashable, Sendable, CustomStringConvertible {
  package var first: Int
  package var last: Int
  package init(_ first: Int, _ last: Int) {
    self.first = first
    self.last = last
  }
  package func contains(_ port: Int) -> Bool { first <= port && port <= last }
  package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
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
