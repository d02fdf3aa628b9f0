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
  /// The VLAN whose racks answer DHCP requests of this one: itself, unless they are relayed.
  package var servingVLAN: VLANID { relay?.to.value ?? id }
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

// MARK: Reading

extension VLAN {
  /// Stands for an entry that could not be read, so that the identities of the others hold.
  init(poisoned id: VLANID, _ name: Located<String>, _ fabric: Located<String>) {
    self.init(
      id: id, name: name, span: name.span, fabric: fabric, vid: nil, mtu: nil, space: nil, machines: nil, bmcs: nil, subnets: [],
      dhcp: .untouched, relay: nil)
  }

  static func read(_ id: VLANID, _ name: Located<String>, _ fabric: Located<String>, _ span: Span, _ reader: inout TopologyReader) -> VLAN {
    let vid = reader.scalar("vid", .integer(), "VLAN number, 0 to 4094; 0, the default, is the fabric's untagged VLAN.")
    let mtu = reader.scalar("mtu", .integer(), "MTU, default 1500.")
    let space = reader.scalar("space", .name, "MAAS space.")
    let machines = reader.scalar("machines", .integer(0...1_000_000), "How many machines boot on this VLAN, for M611 and M612.")
    let bmcs = reader.scalar("bmcs", .integer(0...1_000_000), "How many BMCs live on this VLAN, for M612.")
    let subnets = reader.readSubnets()
    let dhcp = reader.readDHCP()
    let relay = reader.mapping("relay", "DHCP requests are carried to another VLAN, where MAAS answers.") { span, reader in Relay.read(span, &reader)
    }
    return VLAN(
      id: id, name: name, span: span, fabric: fabric, vid: vid, mtu: mtu, space: space, machines: machines, bmcs: bmcs, subnets: subnets,
      dhcp: dhcp, relay: relay)
  }
}

extension TopologyReader {
  fileprivate mutating func readSubnets() -> [Subnet] {
    let subnets =
      named("subnets", .network, "Subnets by their network.") { network, _, reader -> Subnet? in
        let gateway = reader.scalar("gateway", .address, "Default gateway.")
        let dns = reader.list("dns_servers", .address, "DNS servers given to machines. Default: MAAS' own.")
        let ranges = reader.mappings("ranges", "Address ranges.") { span, reader in SubnetRange.read(span, &reader) }
        return network.map { Subnet(network: $0, gateway: gateway, dnsServers: dns, ranges: ranges) }
      } ?? []
    reportEqualNetworks(subnets)
    return subnets
  }

  /// Two spellings of one network in one mapping: equal keys after normalisation.
  private mutating func reportEqualNetworks(_ subnets: [Subnet]) {
    for (index, subnet) in subnets.enumerated() {
      guard let first = subnets[..<index].first(where: { $0.network.value == subnet.network.value }) else { continue }
      // The same text twice has been reported by the parser.
      guard text(at: first.network.span) != text(at: subnet.network.span) else { continue }
      findings.report(
        Diagnostic(
          .duplicateKey, .error, "this is the network \(subnet.network.value) a second time, in another spelling", at: subnet.network.span,
          label: "again here", secondary: [Label(first.network.span, "first here")], help: "remove one of them"))
    }
  }

  /// `{primary_rack: a, secondary_rack: b}`, `false`, or `unmanaged`.
  fileprivate mutating func readDHCP() -> DHCP {
    let pair = recorded { reader in _ = DHCP.readPair(.none, &reader) }
    let schema = pair.map { Schema.either([$0, .boolean, .choice(["unmanaged"])]) }
    let doc: StaticString = "The pair of racks that answers; false: turned off; unmanaged, the default: not touched."
    return custom("dhcp", schema, doc) { node, reader in
      guard reader.isScalar(node) else { return reader.readMapping(node, DHCP.readPair) }
      return reader.readScalar(node, .dhcpWord).map { $0.value ? DHCP.off($0.span) : DHCP.untouched }
    } ?? .untouched
  }
}

extension ScalarType where Value == Bool {
  /// True for off, false for unmanaged.
  fileprivate static var dhcpWord: ScalarType<Bool> {
    ScalarType(noun: "DHCP setting", schema: .boolean) { text, _ in
      if text.text == "unmanaged" { return .value(false) }
      if !text.isQuoted, ["false", "False", "FALSE"].contains(text.text) { return .value(true) }
      return .bad(reason: "wanted is a mapping with primary_rack, or false, or unmanaged")
    }
  }
}

extension DHCP {
  static func readPair(_ span: Span, _ reader: inout TopologyReader) -> DHCP? {
    let primary = reader.scalar("primary_rack", .rack, "The rack that answers.", required: true)
    let secondary = reader.scalar("secondary_rack", .rack, "The rack that stands by; without one there is no high availability.")
    guard let primary else { return nil }
    return .pair(span, primary: primary, secondary: secondary)
  }
}

extension SubnetRange {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> SubnetRange? {
    let kind = reader.scalar("type", .choice("range type"), "dynamic (DHCP) or reserved.", required: true) as Located<Kind>?
    let start = reader.scalar("start", .address, "First address.", required: true)
    let end = reader.scalar("end", .address, "Last address.", required: true)
    let comment = reader.scalar("comment", .text, "Shown in MAAS.")
    guard let kind, let start, let end else { return nil }
    return SubnetRange(span: span, kind: kind, start: start, end: end, comment: comment)
  }
}

extension Relay {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> Relay? {
    let to = reader.scalar("to", .vlan, "The VLAN whose racks answer.", required: true)
    let helpers = reader.list("helpers", .address, "Addresses the switches forward to: both racks of the pair.")
    guard let to else { return nil }
    return Relay(span: span, to: to, helpers: helpers)
  }
}
