package import Diagnostics

/// One MAAS installation, as one file describes it. Everything is in file order.
///
/// A broken entry is *poisoned*: it has been reported, stands in the arrays only if its name is known, and makes `isComplete` false, so that
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
  package var postgresql: PostgreSQL
  package var balancer: Balancer
  package var fabrics: [Fabric]
  /// All VLANs of all fabrics; `VLANID` is an index.
  package var vlans: [VLAN]
  package var firewall: Firewall
  package var backup: Backup?
  package var manage: Manage
  /// False when any part was reported as broken by the reader.
  package var isComplete: Bool

  package subscript(id: HostID) -> Host { hosts[id.index] }
  package subscript(id: VLANID) -> VLAN { vlans[id.index] }
  package subscript(id: SecretID) -> Secret { secrets[id.index] }
  package subscript(id: RackID) -> Rack { racks[id.index] }
  package subscript(id: RegionID) -> Region { regions[id.index] }
}

/// What stands between clients and the regions: our HAProxy, somebody else's load balancer, or nothing.
package enum Balancer: Sendable {
  case none
  case haproxy(HAProxy)
  case external(ExternalBalancer)
}
