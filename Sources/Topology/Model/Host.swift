package import Diagnostics
package import MAASFacts
package import NetworkTypes

/// A machine. What it does is said elsewhere (`regions`, `racks`, …).
package struct Host: Sendable {
  package var id: HostID
  package var name: Located<HostName>
  /// The host's entry, without its name.
  package var span: Span
  /// How the other hosts and the operator reach it: `address`, else the first address that is not ignored of `interfaces`.
  package var address: Located<IPAddress>
  /// `addresses`: the short form, VLAN name to address(es).
  package var vlanAddresses: [VLANAddress]
  /// `interfaces`: the long form.
  package var interfaces: [Interface]
  package var zone: Located<String>?
  package var cpus: Located<Int>?
  package var os: Located<UbuntuRelease>?
  package var ssh: SSH
  package var macs: [Located<MACAddress>]
  /// Services of others on this host that listen on a port.
  package var listens: [Listener]
  /// Names of packages or units of others on this host.
  package var services: [Located<String>]
  /// The name that MAAS knows the host by, when it is not the host's own.
  package var maasHostname: Located<HostName>?
  /// Levels that this host sets for itself.
  package var manage: Manage?
}

/// `addresses: {provisioning: 10.30.0.2}`.
package struct VLANAddress: Sendable {
  package var vlan: Located<VLANID>
  package var address: Located<IPAddress>
}

/// One network interface of a host.
package struct Interface: Sendable {
  package var name: Located<String>
  package var addresses: [Located<InterfaceAddress>]
  package var mtu: Located<Int>?
  package var vlan: Located<VLANID>?
  /// Whether frames of `vlan` carry its tag on this interface; nil: by the name (`bond0.100` is tagged).
  package var tagged: Located<Bool>?
  /// Not to be used for anything (docker0, a storage network).
  package var ignore: Bool
}

package struct SSH: Sendable, Equatable {
  /// Default: the user that runs deploy.sh.
  package var user: Located<String>?
  package var port: Located<Int>?
  package var jump: Located<String>?
  package init(user: Located<String>? = nil, port: Located<Int>? = nil, jump: Located<String>? = nil) {
    self.user = user
    self.port = port
    self.jump = jump
  }
}

package enum TransportProtocol: String, Sendable, CaseIterable { case tcp, udp }

/// `listens: {registry: tcp/80}`.
package struct Listener: Sendable {
  package var name: Located<String>
  package var transport: TransportProtocol
  package var port: Located<Int>
}

package struct VMHost: Sendable {
  package enum Kind: String, Sendable, CaseIterable { case lxd, virsh }
  package var host: Located<HostID>
  package var kind: Located<Kind>?
}
