import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let urlSchemeOrPort = Rule(
    514, "url-scheme-or-port", .error,
    summary: "maas_url and the front end do not fit together",
    why: """
      `maas_url` stays http with MAAS' TLS too: controllers, agents and booting machines use it (Canonical's charm forces http for it). Its port \
      must be one at which the front end answers. With TLS, MAAS redirects clients to the same host at its own TLS port (MAAS source, \
      regiond.nginx.conf.template), so that port must answer at the front end as well. Clients that were sent to a port that nobody had are \
      canonical/python-libmaas issue 286.
      """,
    examples: [
      .bad(
        "https", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦https://maas.prg.example.net/MAAS⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "a port that HAProxy does not have", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦http://maas.prg.example.net:8080/MAAS⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "the TLS port does not pass the external load balancer", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        haproxy: ~absent
        load_balancer: {external: {host: maas.prg.example.net, ports: [⟦80, 443, 5242, 5271⟧], serves_dns: true}}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
      .good(
        "the port of the front end",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net:8080/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          frontend: {port: 8080}
        """),
      .good(
        "the regions' own port, which answers at the virtual address too",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net:5240/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    yieldsTo: [307, 501],
    check: .topology { context, report in
      guard context.topology.isIntact(.balancer) else { return }
      let topology = context.topology
      let answered = answeredPorts(topology)
      for url in (topology.maas.url.map { [$0] } ?? []) + topology.regions.compactMap(\.maasURL) {
        if url.value.scheme == .https {
          report.report(
            "maas_url says https, controllers and machines need http", at: url.span, help: "set \(plain(url.value, topology))",
            fix: [TextEdit(url.span, plain(url.value, topology))])
        } else if !answered.isEmpty, !answered.contains(url.value.port), !isDirect(url.value, context) {
          report.report(
            "nothing answers at port \(url.value.port): the front end has \(answered.map(String.init).listed)", at: url.span,
            secondary: frontEndPort(topology).map { [Label($0, "what clients reach")] } ?? [],
            help: "use one of these ports, or set \(topology.haproxy == nil ? "load_balancer.external.ports" : "haproxy.frontend.port")")
        }
      }
      reportTLSPort(topology, &report)
    })
}

/// Ports of the front end that speak plain HTTP; empty where the file does not say.
private func answeredPorts(_ topology: Topology) -> [Int] {
  switch topology.balancer {
  case .none: []
  case .haproxy: topology.haproxyPort().value == Endpoints.api ? [Endpoints.api] : [topology.haproxyPort().value, Endpoints.api]
  case .external(let external): external.ports.map(\.value).filter { !Endpoints.agentPorts(topology.servedVersion).contains($0) }
  }
}

/// Where the file says at which ports the front end answers.
private func frontEndPort(_ topology: Topology) -> Span? {
  switch topology.balancer {
  case .none: nil
  case .haproxy(let haproxy): haproxy.port?.span
  case .external(let external): external.ports.span
  }
}

/// A region's own URL, which the load balancer has no part in.
private func isDirect(_ url: HTTPURL, _ context: RuleContext) -> Bool {
  guard case .address(let address) = url.host else { return false }
  return url.port == Endpoints.api && context.index.hosts(with: address).contains { context.index.region[$0.index] != nil }
}

private func plain(_ url: HTTPURL, _ topology: Topology) -> String {
  let port = answeredPorts(topology).first ?? Endpoints.api
  return HTTPURL(.http, url.host, port: port == 80 ? nil : port, path: url.path).description
}

private func reportTLSPort(_ topology: Topology, _ report: inout Reporter) {
  guard let tls = topology.maas.tls, case .external(let external) = topology.balancer, let place = external.ports.span else { return }
  let port = topology.tlsPort().value
  guard !external.ports.contains(where: { $0.value == port }) else { return }
  report.report(
    "MAAS redirects clients to port \(port), which \(external.host.value) does not pass on", at: place,
    secondary: [Label(tls.port?.span ?? topology.file.firstLine(of: tls.span), "TLS at port \(port)")],
    help: "pass port \(port) to the regions under the same number")
}
