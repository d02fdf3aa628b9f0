import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let unusedEntry = Rule(
    108, "unused-entry", .warning,
    summary: "a host, secret, anchor or setting that nothing uses",
    why: """
      An entry without a use is a role that somebody forgot to give, or a machine that somebody forgot to remove; its firewall rules and its \
      secret stay behind either way. A setting of what the topology does not have is worse: it looks as if it held.
      """,
    examples: [
      .bad(
        "a secret that nothing reads", as: .warning,
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          ⟦vault-token⟧: {env: VAULT_TOKEN}
        """),
      .bad(
        "an anchor without an alias", as: .warning,
        """
        regions:
          infra-1: ⟦&workers⟧ {num_workers: 4}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        """),
      .bad(
        "a firewall that nobody writes", as: .warning, "firewall: ⟦{management: [10.9.0.0/24]}⟧"),
      .bad(
        "a port for TLS, which MAAS does not serve", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          frontend: {port: 80, tls_port: ⟦443⟧}
        """),
      .good("no firewall, by decision", "firewall: {manage: none, management: [10.9.0.0/24]}"),
      .good(
        "every secret has a reader",
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
        """),
      .good(
        "an anchor that is used",
        """
        regions:
          infra-1: &workers {num_workers: 4}
          infra-2: *workers
          infra-3: {num_workers: 4}
        """),
    ],
    // The reader finds entries without a use; these depend on the rest of the file.
    check: .topology { context, report in
      guard context.topology.isComplete else { return }
      for setting in idleSettings(context.topology) {
        report.report("this has no effect: \(setting.reason)", at: setting.span, help: setting.help)
      }
    })
}

private struct IdleSetting {
  var span: Span
  var reason: String
  var help: String
}

private func idleSettings(_ topology: Topology) -> [IdleSetting] {
  var found: [IdleSetting] = []
  let add = { (span: Span?, reason: String, help: String) in
    if let span { found.append(IdleSetting(span: span, reason: reason, help: help)) }
  }
  let firewall = topology.firewall
  if firewall.manager == nil, !(firewall.management.isEmpty && firewall.allow.isEmpty) {
    add(firewall.span, "maasc writes no packet filter", "add manage: nftables, or manage: none if it is meant so")
  }
  if topology.controllers.allSatisfy({ $0.install?.value == .deb }) {
    add(topology.maas.channel?.span, "no controller is installed as a snap", "remove it")
    add((topology.packages.snapCohort ?? topology.packages.snapFiles)?.span, "no controller is installed as a snap", "remove it")
  } else if topology.packages.snapFiles != nil {
    add(topology.packages.snapCohort?.span, "the snaps of packages.snap.files do not come from the store", "remove it")
  }
  if case .external = topology.postgresql.deployment {
    let own = topology.postgresql
    let span = own.dataDirectory?.span ?? own.cluster?.span ?? own.parameters.first?.name.span ?? own.hba.first?.span
    add(span, "maasc does not configure an external server", "remove it, and have it set there")
  }
  guard case .haproxy(let haproxy) = topology.balancer else { return found }
  if topology.maas.tls == nil { add(haproxy.tlsPort?.span, "MAAS serves no TLS", "add maas.tls, or remove it") }
  if haproxy.vips.isEmpty {
    add((haproxy.vrrp.advertInterval?.span ?? haproxy.vrrp.preempt?.span), "there is no virtual address", "add haproxy.vips, or remove it")
  }
  if !topology.databaseEndpoint().value.isHAProxy {
    add(haproxy.databaseMaxconn?.span ?? haproxy.databaseTimeout?.span, "the database is not reached through HAProxy", "remove it")
  }
  return found
}
