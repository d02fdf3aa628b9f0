import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let settingPortReserved = Rule(
    702, "setting-port-reserved", .error,
    summary: "a port in MAAS' settings is one that MAAS or the system keeps",
    why: """
      `maas set-config` refuses `maas_proxy_port` and `maas_syslog_port` in MAAS' own range, 5240 to 5270 up to 3.6 and 5239 to 5284 from 3.7 \
      (MAAS source, src/maasserver/forms/settings.py, src/maasservicelayer/models/configurations.py), and below 1024.
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
        guard let port = Int(setting.value.value.text), let range = reserved.refusal(of: port, setting: setting.name.value) else { continue }
        let owner = range == reserved.maas ? "MAAS \(version.line)" : "the system"
        report.report(
          "port \(port) is one of \(range.lowerBound) to \(range.upperBound), which \(owner) keeps", at: setting.value.span,
          secondary: [Label(setting.name.span, "cannot be set to it")], help: "choose a port above \(reserved.maas.upperBound)")
      }
    })
}
