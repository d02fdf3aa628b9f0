package import Diagnostics

/// One MAAS installation, as one file describes it. Everything is in file order.
///
/// A broken entry is *poisoned*: it has been reported, stands in the arrays only if its name is known, and makes its section `broken`, so that
/// rules that count ("at least one region") stay silent about what the reader could not see.
package struct Topology: Sendable {
  package var file: SourceFile
  /// The document's root mapping.
  package var span: Span
  package var name: Located<String>
  package var maas: MAAS
  package var packages: Packages
  package var secrets: [Secret]
  package var hosts: [Host]
  package var regions: [Region]
  package var racks: [Rack]
  package var vmHosts: [VMHost]
  /// The key `vm_hosts`.
  package var vmHostsKey: Span?
  package var postgresql: PostgreSQL
  package var balancer: Balancer
  package var fabrics: [Fabric]
  /// All VLANs of all fabrics; `VLANID` is an index.
  package var vlans: [VLAN]
  package var firewall: Firewall
  package var backup: Backup?
  package var manage: Manage
  /// The sections of which the reader reported a part as broken.
  package var broken: Sections
  /// Of these, the sections of which entries were lost, not only values of entries.
  package var lossy: Sections
  package var isComplete: Bool { broken.isEmpty }
  /// Where the reader found errors, sorted.
  package var errorPlaces: [UInt32] = []
  /// What was found at `maas.tls.certificate_file`, set by who can read files; nil where nobody looked.
  package var certificate: AttachedCertificate?
  /// The text of `packages.apt.sources`, set by who can read files; nil where it could not be read.
  package var aptSources: String?

  /// Whether what a rule counts is there as the file means it. Whatever refers to a host needs the hosts as well.
  package func isIntact(_ sections: Sections) -> Bool { broken.isDisjoint(with: sections.union(.hosts)) }

  /// Whether every entry of these sections is there, for rules that count entries and not what is in them.
  package func holdsAll(_ sections: Sections) -> Bool { lossy.isDisjoint(with: sections.union(.hosts)) }

  /// Whether the reader found no error inside this part of the file.
  package func isSound(_ part: Span) -> Bool {
    var (low, high) = (0, errorPlaces.count)
    while low < high {
      let middle = (low + high) / 2
      if errorPlaces[middle] < part.lower { low = middle + 1 } else { high = middle }
    }
    return low == errorPlaces.count || errorPlaces[low] >= part.upper
  }

  package struct Sections: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let secrets = Sections(rawValue: 1)
    package static let hosts = Sections(rawValue: 2)
    package static let regions = Sections(rawValue: 4)
    package static let racks = Sections(rawValue: 8)
    package static let vmHosts = Sections(rawValue: 16)
    package static let maas = Sections(rawValue: 32)
    package static let postgresql = Sections(rawValue: 64)
    /// `haproxy` or `load_balancer`.
    package static let balancer = Sections(rawValue: 128)
    package static let fabrics = Sections(rawValue: 256)
    /// All others.
    package static let rest = Sections(rawValue: 512)
    /// `schema` and `name`.
    package static let head = Sections(rawValue: 1024)
  }

  // `_read` lends the element: a host holds a dozen arrays, and a copy would retain each.
  package subscript(id: HostID) -> Host { _read { yield hosts[id.index] } }
  package subscript(id: VLANID) -> VLAN { _read { yield vlans[id.index] } }
  package subscript(id: SecretID) -> Secret { _read { yield secrets[id.index] } }
  package subscript(id: RackID) -> Rack { _read { yield racks[id.index] } }
  package subscript(id: RegionID) -> Region { _read { yield regions[id.index] } }
}

/// What stands between clients and the regions: our HAProxy, somebody else's load balancer, or nothing.
package enum Balancer: Sendable {
  case none
  case haproxy(HAProxy)
  case external(ExternalBalancer)
}
