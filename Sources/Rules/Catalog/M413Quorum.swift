import Diagnostics
import Topology

extension Rule {
  static let quorum = Rule(
    413, "quorum", .error, .unwise,
    summary: "etcd cannot keep a quorum through one loss, or a slow etcd costs the primary its lock",
    why: """
      etcd goes on while more than half of its members see each other. Two are worse than one, since either loss stops them; an even number adds a \
      host that can fail without adding a loss that can be survived. When etcd is gone, Patroni demotes a healthy primary unless failsafe_mode is \
      on. Patroni's manual wants `loop_wait + 2 * retry_timeout <= ttl`, else a primary that retries in time still loses its lock.
      """,
    examples: [
      .bad(
        "two etcd members", as: .error,
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [⟦infra-1⟧, infra-2], superuser_password: database, rewind: {password: replication}}
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "one etcd member", as: .warning,
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [⟦infra-1⟧], superuser_password: database, rewind: {password: replication}}
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "four etcd members", as: .warning,
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [⟦infra-1⟧, infra-2, infra-3, db-1], superuser_password: database, rewind: {password: replication}}
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "a ttl shorter than the retries", as: .error,
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni:
            etcd: [infra-1, infra-2, infra-3]
            superuser_password: database
            rewind: {password: replication}
            ttl: ⟦20⟧
            loop_wait: 5
            retry_timeout: 8
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "all three in one row", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: ⟦row-a⟧, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-a, cpus: 16, os: ubuntu-24.04}
          etcd-1: {address: 10.20.0.14, zone: row-a}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [infra-1, infra-3, etcd-1], superuser_password: database, rewind: {password: replication}}
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "three etcd members",
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [infra-1, infra-2, infra-3], superuser_password: database, rewind: {password: replication}}
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "exactly within the ttl",
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni:
            etcd: [infra-1, infra-2, infra-3]
            superuser_password: database
            rewind: {password: replication}
            ttl: 20
            loop_wait: 4
            retry_timeout: 8
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      guard case .patroni(let patroni) = context.topology.postgresql.deployment else { return }
      reportMembers(patroni.etcd, context, &report)
      reportZone(patroni.etcd, context, &report)
      reportTimes(patroni, context, &report)
    })
}

private func reportMembers(_ etcd: [Located<HostID>], _ context: RuleContext, _ report: inout Reporter) {
  guard context.topology.holdsAll(.postgresql), let first = etcd.first, etcd.count == 1 || etcd.count % 2 == 0 else { return }
  let tolerated = (etcd.count - 1) / 2
  let message =
    switch etcd.count {
    case 1: "one etcd member: without it Patroni cannot elect a primary"
    case 2: "two etcd members: the loss of either stops both"
    default: "\(etcd.count) etcd members survive \(tolerated.counted("loss", "losses")), as \(etcd.count - 1) do"
    }
  report.report(
    message, at: first.span, as: etcd.count == 2 ? .error : .warning, secondary: context.labels(etcd.dropFirst(), "an etcd member"),
    notes: ["quorum of \(etcd.count) is \(etcd.count / 2 + 1), so \(tolerated) may be lost"],
    help: etcd.count < 3 ? "use three members on hosts of three zones" : "use \(etcd.count - 1) or \(etcd.count + 1) members")
}

private func reportZone(_ etcd: [Located<HostID>], _ context: RuleContext, _ report: inout Reporter) {
  let zones = etcd.compactMap { context.topology[$0.value].zone }
  guard context.topology.holdsAll(.postgresql), etcd.count > 2, zones.count == etcd.count, let first = zones.first,
    zones.allSatisfy({ $0.value == first.value })
  else { return }
  report.report(
    "all etcd members stand in zone \(first.value)", at: first.span, as: .warning,
    secondary: zones.dropFirst().map { Label($0.span, "the same zone") }, help: "spread them over three zones")
}

private func reportTimes(_ patroni: Patroni, _ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  let ttl = topology.patroniTTL()
  let loopWait = topology.patroniLoopWait()
  let retry = topology.patroniRetryTimeout()
  let needed = loopWait.value + 2 * retry.value
  guard needed > ttl.value, let place = ttl.span ?? retry.span ?? loopWait.span else { return }
  let others = [(loopWait.span, "loop_wait"), (retry.span, "retry_timeout")].compactMap { span, name in span.map { Label($0, name) } }
  report.report(
    "ttl is shorter than loop_wait and two retries", at: place, secondary: others.filter { $0.span != place },
    notes: ["loop_wait \(loopWait.value) + 2 × retry_timeout \(retry.value) = \(needed) > ttl \(ttl.value)"],
    help: "set ttl: \(needed) or more, or shorten retry_timeout")
}
