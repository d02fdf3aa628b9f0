import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The packet filter of one host, made of the flows that end there.
struct FirewallDocument {
  let topology: Topology
  let index: TopologyIndex
  let host: Host
  /// Flows to this host.
  let flows: [Flow]

  static let path = "/etc/maasc/firewall.nft"

  init(_ builder: PlanBuilder, _ id: HostID) {
    topology = builder.topology
    index = builder.index
    host = builder.topology[id]
    flows = builder.flowsTo[id.index]
  }

  /// The rules, and the name of an empty chain in them by which the kernel can be asked whether it has these.
  func render(header: [String]) -> (text: RenderedText, marker: String) {
    let marker = "revision-" + Digest.of(document(marker: nil).render(header: header).text)
    return (document(marker: marker).render(header: header), marker)
  }

  private func document(marker: String?) -> Nftables {
    let groups = groups
    let input = Nftables.Chain("input", base: .init(.input, policy: .drop), rules: ground + groups.flatMap(rules) + allowances)
    return Nftables(
      sets: sets(of: groups), chains: [input] + (marker.map { [Nftables.Chain(NftName(sanitizing: $0), rules: [])] } ?? []))
  }

  /// What every host lets in.
  private var ground: [Nftables.Rule] {
    let linkLocal = IPNetwork(IPAddress(.v6, 0xfe80 << 112), prefixLength: 10)
    let alone = host.interfaces.filter(\.ignore).map { interface in
      Nftables.Rule(
        [.interface(InterfaceName(sanitizing: interface.name.value))], .accept, comment: "left alone: the topology ignores this interface",
        origin: interface.name.span)
    }
    return [
      .init([.established], .accept), .init([.invalid], .drop), .init([.loopback], .accept),
    ] + alone + [
      .init([.icmp], .accept, comment: "path MTU, ping"), .init([.icmpv6], .accept, comment: "neighbour discovery, path MTU, ping"),
      .init([.igmp], .accept, comment: "group membership, or switches forget MAAS' multicast"),
      .init([.udp([PortRange(68, 68)])], .accept, comment: "answers to this host's own DHCP requests"),
      .init([.source([linkLocal]), .udp([PortRange(546, 546)])], .accept, comment: "answers to this host's own DHCPv6 requests"),
    ]
  }

  /// `firewall.allow`, as the topology has it.
  private var allowances: [Nftables.Rule] {
    topology.firewall.allow.flatMap { allowance -> [Nftables.Rule] in
      let ports: [Nftables.Match] =
        (allowance.tcp.isEmpty ? [] : [.tcp(allowance.tcp.map(\.value))]) + (allowance.udp.isEmpty ? [] : [.udp(allowance.udp.map(\.value))])
      return byFamily(allowance.from.map(\.value)).flatMap { networks in
        ports.map { .init([.source(networks), $0], .accept, comment: "firewall.allow", origin: allowance.span) }
      }
    }
  }

  /// Flows of one reason and from the same sources: one rule for each address family and protocol.
  fileprivate struct Group {
    var why: String
    var sources: [Flow.End]
    var services: [Flow.Service]
  }

  private var groups: [Group] {
    var byService: [Group] = []
    for flow in flows where flow.service != .icmp {
      if let last = byService.firstIndex(where: { $0.why == flow.why && $0.services == [flow.service] }) {
        byService[last].sources.append(flow.from)
      } else {
        byService.append(Group(why: flow.why, sources: [flow.from], services: [flow.service]))
      }
    }
    var result: [Group] = []
    for group in byService {
      if let same = result.firstIndex(where: { $0.why == group.why && $0.sources == group.sources && $0.isOpen == group.isOpen }) {
        result[same].services += group.services
      } else {
        result.append(group)
      }
    }
    return result
  }

  private func rules(_ group: Group) -> [Nftables.Rule] {
    let services = matches(group.services)
    let comment = NftComment(sanitizing: group.why)
    if group.isOpen { return services.map { .init([$0], .accept, comment: comment) } }
    return sourceMatches(group).flatMap { source in services.map { .init([source, $0], .accept, comment: comment) } }
  }

  private func matches(_ services: [Flow.Service]) -> [Nftables.Match] {
    var tcp: [PortRange] = []
    var udp: [PortRange] = []
    var hasVRRP = false
    for service in services {
      switch service {
      case .tcp(let ports): tcp.append(ports)
      case .udp(let ports): udp.append(ports)
      case .vrrp: hasVRRP = true
      case .icmp: break
      }
    }
    return (tcp.isEmpty ? [] : [.tcp(tcp)]) + (udp.isEmpty ? [] : [.udp(udp)]) + (hasVRRP ? [.vrrp] : [])
  }
}

extension FirewallDocument.Group {
  /// From everywhere: people and machines whose addresses are not known, and DHCP clients, which have none yet.
  fileprivate var isOpen: Bool {
    let isOutside = sources.contains { if case .outside = $0 { true } else { false } }
    return isOutside || services.contains(.dhcp) || services.contains(.dhcpv6)
  }
}

// MARK: Where it comes from

extension FirewallDocument {
  /// All hosts of a role stand in a set of its name; anything else is written out.
  private static let setNames: [(role: TopologyIndex.Roles, name: String)] = [
    (.region, "regions"), (.rack, "racks"), (.haproxy, "balancers"), (.postgresql, "databases"), (.etcd, "etcd"),
  ]

  /// Nil for keepalived's: the sets hold what other flows may come from.
  private func role(of group: Group) -> (role: TopologyIndex.Roles, name: String)? {
    guard group.sources.count > 1, group.services != [.vrrp] else { return nil }
    return Self.setNames.first { entry in
      let ends = index.hosts(with: entry.role).filter { $0 != host.id }.map { Flow.End.host($0) }
      return ends == group.sources.sorted(by: Self.precedes)
    }
  }

  private static func precedes(_ left: Flow.End, _ right: Flow.End) -> Bool {
    if case .host(let left) = left, case .host(let right) = right { return left < right }
    return false
  }

  private func sourceMatches(_ group: Group) -> [Nftables.Match] {
    let networks = byFamily(group.sources.flatMap { self.networks($0, calling: group.services.first) })
    guard let role = role(of: group) else { return networks.map { .source($0) } }
    return networks.compactMap { $0.first?.family }.map { .sourceSet(Self.setName(role.name, $0), $0) }
  }

  private static func setName(_ role: String, _ family: IPAddress.Family) -> NftName { NftName(sanitizing: "\(role)-v\(family.rawValue)") }

  private func sets(of groups: [Group]) -> [Nftables.AddressSet] {
    var names: [String] = []
    for group in groups where !group.isOpen {
      if let role = role(of: group), !names.contains(role.name) { names.append(role.name) }
    }
    return Self.setNames.filter { names.contains($0.name) }.flatMap { entry in
      byFamily(index.hosts(with: entry.role).filter { $0 != host.id }.flatMap { networks(.host($0), calling: nil) }).compactMap { networks in
        networks.first.map { .init(Self.setName(entry.name, $0.family), family: $0.family, networks: networks) }
      }
    }
  }

  private func byFamily(_ networks: [IPNetwork]) -> [[IPNetwork]] {
    [IPAddress.Family.v4, .v6].map { family in networks.filter { $0.family == family } }.filter { !$0.isEmpty }
  }

  private func networks(_ end: Flow.End, calling service: Flow.Service?) -> [IPNetwork] {
    switch end {
    case .host(let id): return topology.sources(of: id, calling: service).map { IPNetwork($0, prefixLength: $0.family.bits) }
    case .network(let network): return [network]
    case .vlan(let vlan): return topology[vlan].subnets.map(\.network.value)
    case .outside: return []
    }
  }
}
