import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let shortTimeouts = Rule(
    508, "short-timeouts", .warning,
    summary: "a timeout of the load balancer is shorter than what MAAS itself grants",
    why: """
      MAAS' nginx waits 900 s for an upload and keeps silent web sockets as long (MAAS source, regiond.nginx.conf.template). A load balancer \
      that gives up earlier cuts image uploads and makes the UI reconnect; 90 s did (LP 1718016). Canonical's charm uses 900 s.
      """,
    examples: [
      .bad(
        "90 s for the server", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          timeouts: {server: ⟦90s⟧}
        """),
      .bad(
        "client and tunnel", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          timeouts: {client: ⟦899s⟧, tunnel: ⟦1m⟧}
        """),
      .good(
        "as long as MAAS waits",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          timeouts: {client: 900s, server: 15m, tunnel: 1h}
        """),
      .good(
        "others may be short",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          timeouts: {connect: 3s, check: 1s}
        """),
    ],
    check: .topology { context, report in
      guard let haproxy = context.topology.haproxy else { return }
      let least = Duration.seconds(FrontEnd.shortestTimeout)
      for timeout in haproxy.timeouts where [.client, .server, .tunnel].contains(timeout.name.value) && timeout.value.value < least {
        report.report(
          "timeout \(timeout.name.value.rawValue) is \(timeout.value.value), MAAS itself waits \(least)", at: timeout.value.span,
          help: "set \(timeout.name.value.rawValue): \(least)", fix: [TextEdit(timeout.value.span, least.description)])
      }
    })
}
