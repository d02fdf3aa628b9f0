import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// For review: what MAAS will write into dhcpd.conf about a failover pair, on each of its racks. verify.sh compares; nothing installs it.
enum DHCPReview {
  static func describe(_ builder: inout PlanBuilder) {
    for vlan in builder.topology.vlans {
      guard case .pair(let span, let primary, let secondary?) = vlan.dhcp,
        let failover = failover(vlan, span, primary.value, secondary.value, builder)
      else { continue }
      for (preview, rack) in [(failover.primaryPreview, primary.value), (failover.secondaryPreview, secondary.value)] {
        add(preview, vlan, span, rack, &builder)
      }
    }
  }

  private static func add(_ preview: DHCPDPreview, _ vlan: VLAN, _ span: Span, _ rack: RackID, _ builder: inout PlanBuilder) {
    let keyPath = "fabrics.\(vlan.fabric.value).\(vlan.name.value).dhcp"
    builder[builder.topology[rack].host.value].files.append(
      PlannedFile(
        path: "/var/lib/maasc/dhcpd-preview/\(VLANNote(vlan).name).conf", policy: .preview, content: preview.render(header: builder.header(keyPath)),
        keyPath: keyPath, origin: span))
    builder[builder.topology[rack].host.value].probes.append(probe(preview, vlan, span, builder.topology[rack].host.value, builder))
  }

  /// MAAS' own file holds the declaration of the preview: role and partner of the pair in which the host has its address.
  private static func probe(_ preview: DHCPDPreview, _ vlan: VLAN, _ span: Span, _ host: HostID, _ builder: PlanBuilder) -> Probe {
    let pair = preview.failover
    let (own, peer) = preview.role == .primary ? (pair.primary, pair.secondary) : (pair.secondary, pair.primary)
    return Probe(
      id: "dhcp.\(VLANNote(vlan).name)", title: "dhcpd is \(preview.role.rawValue) with \(peer) on \(vlan.fabric.value)/\(vlan.name.value)",
      command: """
        awk -v own=\("\(own);") '$1 == "failover" { role = "" } $1 == "primary;" || $1 == "secondary;" { role = $1 }
          $1 == "address" && $2 == own { found = 1 } found && $1 == "peer" { gsub(";", ""); print role, $3; exit }' \
          \(MAASHost(builder.topology, host).paths.dhcpdConf) | tr -d ';'
        """,
      expected: .equals("\(preview.role.rawValue) \(peer)"), origin: span)
  }

  /// Nil where a rack has no IPv4 address on the VLAN, or no dynamic range is there: dhcpd has no failover for IPv6.
  private static func failover(_ vlan: VLAN, _ span: Span, _ primary: RackID, _ secondary: RackID, _ builder: PlanBuilder) -> DHCPFailover? {
    let address = { (rack: RackID) in
      builder.index.addresses(of: builder.topology[rack].host.value, on: vlan.id).first { $0.family == .v4 }
    }
    let subnets = vlan.subnets.filter { $0.network.value.family == .v4 }.map(subnet)
    guard let first = address(primary), let second = address(secondary), subnets.contains(where: { !$0.ranges.isEmpty }) else { return nil }
    // MAAS names the pair after the VLAN's id in its database, which nobody knows before.
    let name = DHCPName(sanitizing: "failover-vlan-\(vlan.fabric.value)-\(vlan.name.value)")
    return DHCPFailover(name, primary: first, secondary: second, subnets: subnets.filter { !$0.ranges.isEmpty }, origin: span)
  }

  private static func subnet(_ subnet: Subnet) -> DHCPFailover.Subnet {
    let dynamic = subnet.ranges.filter { $0.kind.value == .dynamic }.map(\.range)
    return DHCPFailover.Subnet(network: subnet.network.value, gateway: subnet.gateway?.value, ranges: dynamic, origin: subnet.network.span)
  }
}
