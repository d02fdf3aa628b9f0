import Diagnostics
import Topology

extension Rule {
  static let tlsTerminatedEarly = Rule(
    510, "tls-terminated-early", .error,
    summary: "lines of your own end TLS at the load balancer, or speak the PROXY protocol to MAAS",
    why: """
      MAAS' nginx has no listener that understands the PROXY protocol, so with `send-proxy` every request fails. It writes X-Forwarded-Proto \
      from its own listener (MAAS source, regiond.nginx.conf.template), so where the load balancer ends TLS, the links in answers and redirects \
      say http. With `maas.tls` the connection must reach the region's TLS port as it is.
      """,
    examples: [
      .bad(
        "send-proxy", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          extra:
            defaults: |
              default-server ⟦send-proxy⟧ inter 3s
        """),
      .bad(
        "a certificate at the load balancer", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls-cert, key: tls-key}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls-cert: {file: /root/secrets/maas.pem}
          tls-key: {file: /root/secrets/maas.key}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          extra:
            defaults: |
              frontend early
                bind :8443 ⟦ssl⟧ crt /etc/ssl/maas.pem
        """),
      .good(
        "other lines of one's own",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          extra:
            global: |
              tune.bufsize 32768
            defaults: |
              option tcpka
              # not: default-server send-proxy
        """),
      .good(
        "TLS of something else, without maas.tls",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          extra:
            defaults: |
              frontend statistics
                bind :8404 ssl crt /etc/ssl/statistics.pem
                mode http
        """),
    ],
    check: .topology { context, report in
      guard let haproxy = context.topology.haproxy else { return }
      let file = context.topology.file
      for extra in [haproxy.extraGlobal, haproxy.extraDefaults].compactMap({ $0 }) {
        for words in extra.value.haproxyLines {
          if let word = words.first(where: { $0.hasPrefix("send-proxy") }) {
            report.report(
              "\(word) makes MAAS see garbage before every request", at: file.word(word, in: extra.span),
              help: "remove \(word): MAAS has no such listener")
          }
          if let tls = context.topology.maas.tls, words.first == "bind", words.contains("ssl") {
            report.report(
              "TLS ends here, and MAAS' answers would lead to http", at: file.word("ssl", in: extra.span),
              secondary: [Label(file.firstLine(of: tls.span), "MAAS speaks TLS itself")], help: "pass the connection on to the TLS port as TCP")
          }
        }
      }
    })
}

extension String {
  /// The words of each line, comments left out.
  fileprivate var haproxyLines: [[String]] {
    split(separator: "\n").map { line in
      line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "'" }.map(String.init)
    }
  }
}
