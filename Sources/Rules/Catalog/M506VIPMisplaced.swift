import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let vipMisplaced = Rule(
    506, "vip-misplaced", .error,
    summary: "a virtual address belongs to a host, to a dynamic range, or to no network that its hosts share",
    why: """
      keepalived puts the address on an interface of whichever host is master and announces it by ARP, which only works on a layer 2 that all of \
      its hosts share. An address that a host already has, or that DHCP hands to a machine, answers twice (MAAS checks only addresses that it \
      has allocated: src/maasserver/models/iprange.py).
      """,
    examples: [
      .bad(
        "the address of a region", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: ⟦10.20.0.13/24⟧, interface: eth0, virtual_router_id: 51}
        """),
      .bad(
        "inside a dynamic range", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, addresses: {provisioning: 10.30.0.11}, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, addresses: {provisioning: 10.30.0.12}, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: ⟦10.30.0.150/24⟧, interface: eth1, virtual_router_id: 51}
        """),
      .bad(
        "a network that one of the hosts is not on", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: ⟦10.21.0.10/24⟧, interface: eth0, virtual_router_id: 51}
        """),
      .bad(
        "the broadcast address", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: ⟦10.20.0.255/24⟧, interface: eth0, virtual_router_id: 51}
        """),
      .bad(
        "IPv6 on hosts that have none", as: .error,
        """
        postgresql:
          mode: external
          external: {host: pg.example.net, max_connections: 400}
          database: {password: database}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: ⟦"2001:db8::10/64"⟧, interface: eth0, virtual_router_id: 51}
        """),
      .good(
        "beside a dynamic range",
        """
        hosts:
          infra-1: {address: 10.20.0.11, addresses: {provisioning: 10.30.0.11}, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, addresses: {provisioning: 10.30.0.12}, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.30.0.99/24, interface: eth1, virtual_router_id: 51}
        """),
      .good(
        "the hosts' own network",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.isIntact(.hosts), context.topology.holdsAll(.balancer) else { return }
      guard let haproxy = context.topology.haproxy else { return }
      let dynamic = context.dynamicRanges
      for (position, vip) in haproxy.vips.enumerated() {
        let earlier = haproxy.vips[..<position].first { $0.address.value.address == vip.address.value.address }
        guard let fault = fault(of: vip, after: earlier, dynamic, haproxy, context) else { continue }
        report.report(fault.message, at: vip.address.span, secondary: fault.labels, help: fault.help)
      }
    })
}

private struct Fault {
  var message: String
  var labels: [Label] = []
  var help: String
}

private func fault(
  of vip: VirtualAddress, after earlier: VirtualAddress?, _ dynamic: DynamicRanges, _ haproxy: HAProxy, _ context: RuleContext
) -> Fault? {
  let address = vip.address.value.address
  let network = vip.address.value.network
  let help = "choose a free address of a network that \(context.names(haproxy.hosts.map(\.value))) share"
  if let earlier {
    return Fault(message: "\(address) is a virtual address already", labels: [Label(earlier.address.span, "first here")], help: "remove one of them")
  }
  if let owner = context.index.hosts(with: address).first {
    return Fault(
      message: "\(address) is an address of \(context.name(owner))", labels: [Label(context.topology[owner].name.span, "has it")], help: help)
  }
  if network.isReserved(address) { return Fault(message: "\(address) is no host's address in \(network)", help: help) }
  if let range = dynamic.range(holding: address) {
    return Fault(
      message: "\(address) lies in a range that DHCP hands out", labels: [Label(range.start.span, "from here")],
      help: "choose an address outside of \(range.range)")
  }
  return familyFault(of: vip, haproxy, context) ?? fault(of: vip, on: network, haproxy, context, help)
}

/// The address that stands for the service is of a family in which some host cannot speak: keepalived there could take part in no election.
private func familyFault(of vip: VirtualAddress, _ haproxy: HAProxy, _ context: RuleContext) -> Fault? {
  let address = vip.address.value.address
  guard context.topology.serviceAddress?.address.value.address == address else { return nil }
  let mute = haproxy.hosts.map(\.value).first { host in
    !context.topology[host].placedAddresses.contains { $0.address.family == address.family }
  }
  guard let mute else { return nil }
  let family = address.family == .v6 ? "IPv6" : "IPv4"
  return Fault(
    message: "\(context.name(mute)) has no \(family) address, so it cannot take \(address) over",
    labels: [Label(context.topology[mute].name.span, "this host")],
    help: "give it an \(family) address, or add a virtual address of the hosts' own family")
}

/// A HAProxy host that is not on the network, or whose interface is not named.
private func fault(of vip: VirtualAddress, on network: IPNetwork, _ haproxy: HAProxy, _ context: RuleContext, _ help: String) -> Fault? {
  for host in haproxy.hosts {
    guard let interface = vip.interfaceName(on: host.value) else {
      return Fault(
        message: "no interface of \(context.name(host.value)) is named for \(vip.address.value.address)", labels: [Label(host.span, "this host")],
        help: "add \(context.name(host.value)) under interface")
    }
    let machine = context.topology[host.value]
    let carried = machine.interfaces.first { $0.name.value == interface.value }?.addresses.map(\.value.address) ?? []
    let known = (carried.isEmpty ? machine.placedAddresses.map(\.address) : carried).filter { $0.family == network.family }
    // A full prefix names no network, and of another family nothing may be said at all.
    guard network.prefixLength < network.family.bits, !known.isEmpty, !known.contains(where: network.contains) else { continue }
    return Fault(
      message: "\(context.name(host.value)) is not on \(network), so it cannot take \(vip.address.value.address) over",
      labels: [Label(host.span, "has \(known.prefix(3).map(\.description).listed)")], help: help)
  }
  return nil
}
