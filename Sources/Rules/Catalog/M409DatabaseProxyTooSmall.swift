import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let databaseProxyTooSmall = Rule(
    409, "database-proxy-too-small", .error,
    summary: "HAProxy's front end for the database admits fewer connections than the regions open, or cuts idle ones",
    why: """
      Connections above `maxconn` wait in HAProxy's queue until they time out, which looks like a hanging database. MAAS' listener may be idle for \
      hours, and TCP keepalives do not count as traffic for HAProxy: an idle timeout cuts it, and since 3.7.3 MAAS no longer hides that \
      (LP 2156012). The Ansible playbook of MAAS has `maxconn 100`, too few for two regions since 3.5, and a timeout of 30 minutes, the shortest \
      that is known to serve: what is shorter is found, 30 minutes are not. 24 hours are what maasc writes.
      """,
    examples: [
      .bad(
        "one below what three regions open", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {maxconn: ⟦299⟧}
        """),
      .bad(
        "the default of many tutorials", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {maxconn: ⟦100⟧}
        """),
      .bad(
        "a timeout of ten minutes", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {timeout: ⟦10m⟧}
        """),
      .bad(
        "a second below half an hour", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {timeout: ⟦1799s⟧}
        """),
      .good(
        "exactly what three regions open",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {maxconn: 300}
        """),
      .good(
        "a long timeout",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {maxconn: 350, timeout: 24h}
        """),
      .good(
        "the shortest that is known to serve",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          database: {timeout: 30m}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology.withLegalWorkers
      guard case .haproxy(let haproxy) = topology.balancer, topology.databaseEndpoint().value.isHAProxy else { return }
      let budget = topology.connectionBudget()
      let regions = budget.groups.reduce(0) { $0 + $1.count * $1.perRegion }
      if let maxconn = haproxy.databaseMaxconn, topology.isIntact(.regions), maxconn.value < regions {
        report.report(
          "maxconn is \(maxconn.value), the regions can open \(regions) connections", at: maxconn.span,
          secondary: topology.regionConnections { Connections.perRegion(topology.servedVersion, workers: $0) },
          help: "set maxconn: \(budget.proposed), the same as max_connections", fix: [TextEdit(maxconn.span, "\(budget.proposed)")])
      }
      if let timeout = haproxy.databaseTimeout, timeout.value < .seconds(DatabaseProxy.shortestIdleTimeout) {
        report.report(
          "idle database connections are cut after \(timeout.value), MAAS' listener may be idle for hours", at: timeout.span, as: .warning,
          notes: ["half an hour is the shortest that is known to serve"], help: "set timeout: 24h", fix: [TextEdit(timeout.span, "24h")])
      }
    })
}
