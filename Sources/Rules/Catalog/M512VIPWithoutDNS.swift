import Diagnostics
import Topology

extension Rule {
  static let vipWithoutDNS = Rule(
    512, "vip-without-dns", .warning,
    summary: "maas_url leads to a host that answers no DNS",
    why: """
      MAAS tells machines the address behind `maas_url` as their DNS server, and names it in its zones (MAAS source, \
      src/maasserver/server_address.py, src/maasserver/dns/zonegenerator.py). Where the virtual address is held by a host without a region or a \
      rack, something else must answer port 53 there; it is declared as `listens: {dns: udp/53}` or `serves_dns: true`.
      """,
    examples: [
      .bad(
        "HAProxy on hosts of its own", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
          lb-1: {address: 10.20.0.14, zone: row-a}
          lb-2: {address: 10.20.0.15, zone: row-b}
        haproxy:
          hosts: [⟦lb-1⟧, lb-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
      .bad(
        "an external load balancer", as: .warning,
        """
        haproxy: ~absent
        load_balancer: {external: {host: maas.prg.example.net, ports: [80, 5242, 5271], serves_dns: ⟦false⟧}}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good(
        "the virtual address on region hosts",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
      .good(
        "a DNS server beside HAProxy",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
          lb-1: {address: 10.20.0.14, zone: row-a, listens: {dns: udp/53}}
          lb-2: {address: 10.20.0.15, zone: row-b, listens: {dns: udp/53}}
        haproxy:
          hosts: [lb-1, lb-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll([.regions, .racks, .balancer]) else { return }
      let topology = context.topology
      let place = topology.maasURL().span.map { [Label($0, "machines ask what this leads to")] } ?? []
      switch topology.balancer {
      case .none: break
      case .external(let external):
        guard external.servesDNS?.value != true, topology.isSound(external.span) else { return }
        report.report(
          "machines would ask \(external.host.value) for names, and it answers no DNS", at: external.servesDNS?.span ?? external.host.span,
          secondary: place, help: "pass port 53 to the regions, and say serves_dns: true")
      case .haproxy(let haproxy):
        let silent = haproxy.hosts.filter { !context.index.roles[$0.value.index].isController && !topology[$0.value].listensOnDNS }
        guard let first = silent.first else { return }
        report.report(
          "machines would ask \(context.names(silent.map(\.value))) for names, where no region or rack answers DNS", at: first.span,
          secondary: context.labels(silent.dropFirst(), "here too") + place,
          help: "hold the virtual address on region or rack hosts, or run a DNS server there and say so: listens: {dns: udp/53}")
      }
    })
}

extension Host {
  fileprivate var listensOnDNS: Bool { listens.contains { $0.transport == .udp && $0.port.value == 53 } }
}
