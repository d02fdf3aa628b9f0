package import Diagnostics
package import NetworkTypes

package struct Fabric: Sendable {
  package var name: Located<String>
  package var vlans: [VLANID]
}

package struct VLAN: Sendable {
  package var id: VLANID
  package var name: Located<String>
  package var span: Span
  package var fabric: Located<String>
  /// 0 is the fabric's untagged VLAN, the default. Rule M609 judges the range.
  package var vid: Located<Int>?
  package var mtu: Located<Int>?
  package var space: Located<String>?
  /// How many machines boot here.
  package var machines: Located<Int>?
  /// How many BMCs live here.
  package var bmcs: Located<Int>?
  package var subnets: [Subnet]
  package var dhcp: DHCP
  package var relay: Relay?

  package var vidNumber: Int { vid?.value ?? 0 }
}

package struct Subnet: Sendable {
  package var network: Located<IPNetwork>
  package var gateway: Located<IPAddress>?
  package var dnsServers: [Located<IPAddress>]
  package var ranges: [SubnetRange]
}

package struct SubnetRange: Sendable {
  package enum Kind: String, Sendable, CaseIterable { case dynamic, reserved }
  package var span: Span
  package var kind: Located<Kind>
  package var start: Located<IPAddress>
  package var end: Located<IPAddress>
  package var comment: Located<String>?
  package var range: IPRange { IPRange(start.value, end.value) }
}

/// What maasc does about MAAS' DHCP on a VLAN.
package enum DHCP: Sendable {
  /// Absent or `unmanaged`: never touched.
  case untouched
  /// `false`: turned off.
  case off(Span)
  /// A primary and where possible a secondary rack.
  case pair(Span, primary: Located<RackID>, secondary: Located<RackID>?)
}

/// DHCP requests of this VLAN are carried to another one, where MAAS answers.
package struct Relay: Sendable {
  package var span: Span
  package var to: Located<VLANID>
  /// Addresses that the switches forward to; both racks of the pair belong here.
  package var helpers: [Located<IPAddress>]
}
