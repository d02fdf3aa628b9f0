import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let missingFrontEnd = Rule(
    503, "missing-front-end", .error,
    summary: "a port that agents dial does not answer at the front end",
    why: """
      The agent of a rack takes the host of `maas_url` and dials its own ports there: 5271 for Temporal since 3.5, 5242 for the internal API \
      since 3.6 (MAAS source, src/maasagent/cmd/maas-agent/main.go). They are raw TCP with mutual TLS, so the load balancer must pass them as \
      they are. Canonical's charm treats these routes as all or nothing. On a HAProxy host that is a region too, MAAS itself answers at the \
      virtual address.
      """,
    examples: [
      .bad(
        "HAProxy on hosts of its own, without Temporal", as: .error,
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
          hosts: [lb-1, lb-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          passthrough: [⟦5242⟧]
        """),
      .bad(
        "HAProxy on hosts of its own, passing nothing", as: .error,
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
          hosts: [lb-1, lb-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          passthrough: ⟦[]⟧
        """),
      .bad(
        "an external load balancer that passes HTTP alone", as: .error,
        """
        haproxy: ~absent
        load_balancer: {external: {host: maas.prg.example.net, ports: [⟦80⟧], serves_dns: true}}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good(
        "HAProxy on region hosts, which answer themselves",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          passthrough: []
        """),
      .good(
        "HAProxy on hosts of its own",
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
          hosts: [lb-1, lb-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          passthrough: [5242, 5271]
        """),
      .good(
        "3.5 has no internal API",
        """
        maas:
          version: "3.5"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        haproxy: ~absent
        load_balancer: {external: {host: maas.prg.example.net, ports: [80, 5271], serves_dns: true}}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll([.regions, .balancer]) else { return }
      let topology = context.topology
      let wanted = Endpoints.agent.filter { $0.lifespan.contains(topology.servedVersion) }
      guard !wanted.isEmpty, !topology.racks.isEmpty else { return }
      switch topology.balancer {
      case .none: break
      case .external(let external):
        let missing = wanted.filter { endpoint in !external.ports.contains { $0.value == endpoint.port } }
        guard let place = external.ports.span, !missing.isEmpty else { return }
        reportMissing(missing, external.host.value.description, place, [Label(external.host.span, "agents dial this host")], topology, &report)
      case .haproxy(let haproxy):
        let others = haproxy.hosts.filter { context.index.region[$0.value.index] == nil && topology.level(of: .haproxy, on: $0.value) != .none }
        guard let first = others.first else { return }
        let bound = topology.haproxyBinds(on: first.value, context.index).map(\.port)
        let missing = wanted.filter { !bound.contains($0.port) }
        guard !missing.isEmpty else { return }
        let place = haproxy.passthrough?.span ?? first.span
        let labels = others.filter { $0.span != place }.map { Label($0.span, "no region on this host") }
        reportMissing(missing, context.names(others.map(\.value)), place, labels, topology, &report)
      }
    })
}

private func reportMissing(
  _ missing: [Endpoints.Endpoint], _ host: String, _ place: Span, _ labels: [Label], _ topology: Topology, _ report: inout Reporter
) {
  let ports = missing.map { String($0.port) }.listed
  report.report(
    "\(host) passes no \(missing.count == 1 ? "port" : "ports") \(ports), which the agents of MAAS \(topology.servedVersion.line) dial", at: place,
    secondary: labels, notes: missing.map { "\($0.port): \($0.what)" }, help: "pass \(ports) to the regions as raw TCP")
}
