import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let settingPortReserved = Rule(
    702, "setting-port-reserved", .error,
    summary: "a port in MAAS' settings is one that MAAS already uses or the system keeps",
    why: """
      `maas set-config` refuses `maas_proxy_port` and `maas_syslog_port` in MAAS' own range, 5240 to 5270 up to 3.6 and 5239 to 5284 from 3.7 \
      (MAAS source, src/maasserver/forms/settings.py, src/maasservicelayer/models/configurations.py), and below 1024. `tls.port` is a further port of the nginx that already listens on 5240 \
      (MAAS source, regiond.nginx.conf.template): on one that this or another program of MAAS has, it does not start, and the API is gone \
      until somebody turns TLS off by hand. Squid listens on 3128 beside `maas_proxy_port`.
      """,
    examples: [
      .bad(
        "a port of Temporal", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {maas_proxy_port: ⟦5281⟧}
        """),
      .bad(
        "a port of the system", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {maas_syslog_port: ⟦514⟧}
        """),
      .bad(
        "TLS on the port of plain HTTP", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {port: ⟦5240⟧, certificate: tls-cert, key: tls-key}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {command: [vault, kv, get, -field=password, maas/replication]}
          tls-cert: {file: /root/tls.pem}
          tls-key: {file: /root/tls.key}
        """),
      .bad(
        "the machines' proxy on Squid's other port", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {maas_proxy_port: ⟦3128⟧}
        """),
      .good(
        "3.6 keeps less",
        """
        maas:
          version: "3.6"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {maas_proxy_port: 5281}
        """),
      .good(
        "the defaults",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {maas_proxy_port: 8000, maas_syslog_port: 5247}
        """),
      .good(
        "just above",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {maas_proxy_port: 5285}
        """),
    ],
    check: .topology { context, report in
      let version = context.topology.servedVersion
      let reserved = ReservedPorts(version)
      for setting in context.topology.maas.settings where ["maas_proxy_port", "maas_syslog_port"].contains(setting.name.value) {
        guard let port = Int(setting.value.value.text) else { continue }
        if let range = reserved.refusal(of: port, setting: setting.name.value) {
          let owner = range == reserved.maas ? "MAAS \(version.line)" : "the system"
          report.report(
            "port \(port) is one of \(range.lowerBound) to \(range.upperBound), which \(owner) keeps", at: setting.value.span,
            secondary: [Label(setting.name.span, "cannot be set to it")], help: "choose a port above \(reserved.maas.upperBound)")
        } else if port == Ports.squid {
          report.report("port \(port) is one that MAAS' Squid has already", at: setting.value.span, help: "choose another, 8000 is MAAS' default")
        }
      }
      guard let tls = context.topology.maas.tls?.port else { return }
      if reserved.maas.contains(tls.value) {
        report.report(
          "port \(tls.value) is one of \(reserved.maas.lowerBound) to \(reserved.maas.upperBound), which MAAS \(version.line) uses itself",
          at: tls.span,
          help: "choose another, \(Endpoints.tls) is MAAS' default")
      } else if let host = context.topology.hostWhereMAASHas(tls.value, context.index) {
        report.report(
          "port \(tls.value) is one that MAAS on \(context.name(host)) has already", at: tls.span,
          help: "choose another, \(Endpoints.tls) is MAAS' default")
      }
    })
}

extension Topology {
  /// The first region's host on which MAAS listens there also without TLS.
  fileprivate func hostWhereMAASHas(_ port: Int, _ index: TopologyIndex) -> HostID? {
    var plain = self
    plain.maas.tls = nil
    return regions.map(\.host.value).first { host in
      plain.sockets(on: host, index).contains { $0.service == "MAAS" && $0.transport == .tcp && $0.ports.contains(port) }
    }
  }
}
