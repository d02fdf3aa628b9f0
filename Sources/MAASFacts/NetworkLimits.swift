/// Numbers that MAAS' forms check on VLANs and ranges.
package enum NetworkLimits {
  /// MAAS source, src/maasserver/models/vlan.py.
  package static let vid = 0...4094
  /// MAAS source, src/maasserver/models/vlan.py.
  package static let mtu = 552...65535
  /// What a VLAN has unless it is told otherwise (MAAS source, src/maasserver/models/vlan.py).
  package static let usualMTU = 1500
  /// Addresses (MAAS source, src/maasserver/models/iprange.py).
  package static let smallestIPv6DynamicRange = 256
  /// Racks that serve DHCP on one VLAN (MAAS source, src/maasserver/forms/vlan.py).
  package static let racksPerVLAN = 2
  /// Above it MAAS' documentation advises more racks (docs/reference/installation-requirements.md).
  package static let machinesPerRackPair = 1000
}
