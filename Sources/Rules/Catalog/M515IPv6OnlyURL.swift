import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let ipv6OnlyURL = Rule(
    515, "ipv6-only-url", .error,
    summary: "maas_url leads to IPv6 alone, and no broadcast_address is set",
    why: """
      Without `broadcast_address` MAAS resolves the host of `maas_url` to an IPv4 address to find its own for Temporal (MAAS source, \
      src/maasserver/regiondservices/temporal.py, since 3.5); where there is only IPv6 it finds none. The planner writes `broadcast_address`, \
      unless `manage` keeps it from doing so.
      """,
    examples: [
      .bad(
        "an IPv6 address, MAAS only observed", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦"http://[2001:db8:20::11]:5240/MAAS"⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        regions:
          infra-1: {}
        hosts:
          infra-1: {address: "2001:db8:20::11"}
          rack-1: {address: "2001:db8:20::31"}
        racks:
          rack-1: {}
        haproxy: ~absent
        fabrics: ~absent
        backup: {external: "the site's own system"}
        postgresql:
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        manage: {maas: observe}
        """),
      .bad(
        "a name that leads to an IPv6 address", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦http://maas.prg.example.net/MAAS⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        hosts:
          infra-1: {address: "2001:db8:20::11"}
          infra-2: {address: "2001:db8:20::12"}
          rack-1: {address: "2001:db8:20::31"}
        regions:
          infra-1: {}
          infra-2: {}
        racks:
          rack-1: {}
        fabrics: ~absent
        backup: {external: "the site's own system"}
        postgresql:
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        manage: {maas: observe}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: "2001:db8:20::10/64", interface: eth0}
        """),
      .good(
        "the planner writes broadcast_address",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        hosts:
          infra-1: {address: "2001:db8:20::11", zone: row-a}
          infra-2: {address: "2001:db8:20::12", zone: row-b}
          infra-3: {address: "2001:db8:20::13", zone: row-c}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: "2001:db8:20::10/64", interface: eth0}
        postgresql:
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good(
        "IPv4 beside it",
        """
        manage: {maas: observe}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
            - {address: "2001:db8:20::10/64", interface: eth0}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      let url = topology.maasURL()
      guard leadsToIPv6Only(url.value, topology) else { return }
      let regions = topology.regions.filter { region in
        topology.level(of: .maas, on: region.host.value) != .full && region.broadcastAddress == nil && topology.broadcastAddress(of: region) != nil
      }
      guard let first = regions.first else { return }
      let place = url.span ?? topology.serviceAddress?.address.span ?? first.host.span
      report.report(
        "maas_url leads to IPv6 alone, so \(context.names(regions.map(\.host.value))) cannot find an address for Temporal", at: place,
        secondary: context.labels(regions.map(\.host), "without broadcast_address").filter { $0.span != place },
        help: "set broadcast_address to the region's own address in its regiond.conf, and here")
    })
}

private func leadsToIPv6Only(_ url: HTTPURL, _ topology: Topology) -> Bool {
  if case .address(let address) = url.host { return address.family == .v6 }
  let addresses: [IPAddress] =
    switch topology.balancer {
    case .none: []
    case .haproxy(let haproxy) where haproxy.vips.isEmpty: haproxy.hosts.map { topology[$0.value].address.value }
    case .haproxy(let haproxy): haproxy.vips.map(\.address.value.address)
    case .external(let external):
      if case .address(let address) = external.host.value { [address] } else { [] }
    }
  return !addresses.isEmpty && addresses.allSatisfy { $0.family == .v6 }
}
