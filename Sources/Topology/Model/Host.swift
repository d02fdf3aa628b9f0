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
  /// The controllers on this host, so that they are found without a search.
  package var region: RegionID?
  package var rack: RackID?
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

// MARK: Reading

extension Host {
  /// Nil when no address is known: the host's name is then poisoned.
  static func read(_ name: Located<HostName>?, _ span: Span, _ reader: inout TopologyReader) -> Host? {
    let address = reader.scalar(
      "address", .address, "How the other hosts and the operator reach this host. Default: the first address of `interfaces`.")
    let vlanAddresses = reader.readVLANAddresses()
    let interfaces =
      reader.named("interfaces", .interfaceName, "The long form of `addresses`: every interface with its addresses and prefixes.") {
        name, _, reader in
        Interface.read(name, &reader)
      } ?? []
    let zone = reader.scalar("zone", .text, "The failure domain: what fails together, such as a row, a rack of servers or a power feed.")
    let cpus = reader.scalar("cpus", .integer(1...4096), "Number of CPUs, which M401 compares with `num_workers`.")
    let os = reader.scalar("os", .choice("Ubuntu release"), "The host's operating system.") as Located<UbuntuRelease>?
    let ssh = reader.mapping("ssh", "How deploy.sh and Ansible log in.") { _, reader in SSH.read(&reader) }
    let macs = reader.list("macs", .mac, "MAC addresses, by which MAAS recognises controllers; checked across files.")
    let listens = reader.readListeners()
    let services = reader.list("services", .name, "Packages or services of others on this host, checked for conflicts with its roles.")
    let maasHostname = reader.scalar("maas_hostname", .hostName, "The name MAAS knows this host by, where it is not the host's own.")
    let manage = reader.readManage("What maasc may write on this host; wins over the installation's `manage`.")
    reader.requireOne(of: ["address", "interfaces"])
    let fallback = interfaces.first { !$0.ignore && !$0.addresses.isEmpty }?.addresses.first?.map(\.address)
    guard let name, let reachable = address ?? fallback else { return nil }
    return Host(
      id: HostID(0), name: name, span: span, address: reachable, vlanAddresses: vlanAddresses, interfaces: interfaces, zone: zone, cpus: cpus,
      os: os, ssh: ssh ?? SSH(), macs: macs, listens: listens, services: services, maasHostname: maasHostname, manage: manage)
  }
}

extension Interface {
  static func read(_ name: Located<String>?, _ reader: inout TopologyReader) -> Interface? {
    let addresses = reader.list("addresses", .interfaceAddress, "Addresses with prefix length; the prefixes tell which hosts share a layer 2.")
    let mtu = reader.scalar("mtu", .integer(), "MTU of the interface, compared with its VLAN's.")
    let vlan = reader.scalar("vlan", .vlan, "The VLAN that this interface is on.")
    let tagged = reader.scalar("tagged", .boolean, "Whether frames carry the VLAN's tag here. Default: by the name, `bond0.100` is tagged.")
    let ignore = reader.scalar("ignore", .boolean, "Not to be used for anything, such as docker0.")
    guard let name else { return nil }
    return Interface(name: name, addresses: addresses, mtu: mtu, vlan: vlan, tagged: tagged, ignore: ignore?.value ?? false)
  }
}

extension SSH {
  static func read(_ reader: inout TopologyReader) -> SSH {
    SSH(
      user: reader.scalar("user", .userName, "Login name; needs password-less sudo when it is not root."),
      port: reader.scalar("port", .port, "Port of sshd, default 22."),
      jump: reader.scalar("jump", .jumpHost, "A host to jump through, as ssh's -J takes it."))
  }
}

extension VMHost {
  static func read(_ reader: inout TopologyReader) -> Located<Kind>? {
    reader.scalar("type", .choice("VM host type"), "lxd or virsh.")
  }
}

extension TopologyReader {
  /// `addresses: {provisioning: 10.30.0.2}`, or a list of addresses for a dual-stack VLAN.
  fileprivate mutating func readVLANAddresses() -> [VLANAddress] {
    let value = Schema.either([ScalarType.address.schema(), .list(ScalarType.address.schema())])
    let schema = Schema.named(key: ScalarType.vlan.schema(), keyNoun: "VLAN", value: value)
    let groups = custom("addresses", schema, "Static addresses on VLANs: VLAN name to address, or to a list of addresses.") { node, reader in
      reader.readNamed(node, .vlan) { vlan, value, reader -> [VLANAddress]? in
        if reader.isList(value) {
          return reader.items(of: value) { item, reader in reader.readScalar(item, .address) }?.map { VLANAddress(vlan: vlan, address: $0) }
        }
        return reader.readScalar(value, .address).map { [VLANAddress(vlan: vlan, address: $0)] }
      }
    }
    return groups?.flatMap { $0 } ?? []
  }

  /// `listens: {registry: tcp/80}`.
  fileprivate mutating func readListeners() -> [Listener] {
    let entries = namedScalars("listens", .name, .socket, "Sockets of others on this host, as tcp/80, which M307 compares with ours.") ?? []
    return entries.map { Listener(name: $0.key, transport: $0.value.value.0, port: Located($0.value.value.1, at: $0.value.span)) }
  }
}

extension ScalarType where Value == (TransportProtocol, Int) {
  static var socket: ScalarType<(TransportProtocol, Int)> {
    ScalarType(noun: "socket", schema: .text(noun: "socket", pattern: "^(tcp|udp)/[0-9]{1,5}$", examples: ["tcp/80"])) { text, _ in
      let parts = text.text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let transport = TransportProtocol(rawValue: String(parts[0])), let port = coreInteger(String(parts[1])),
        (1...65535).contains(port)
      else { return .bad(reason: "wanted is tcp/PORT or udp/PORT") }
      return .value((transport, port))
    }
  }
}
