import Diagnostics
import Topology

extension Rule {
  static let singlePointOfFailure = Rule(
    801, "single-point-of-failure", .warning,
    summary: "the loss of one host or zone takes a function away",
    why: """
      What no more specific rule finds: a zone that holds more than half of the etcd members takes Patroni's quorum with it, though not all of \
      them stand there (M413), and a VLAN whose machines or BMCs only one of several racks is on loses boot or power control with that rack \
      (MAAS manual, "Manage high availability"). A streaming database is failed over by hand, which is no loss of it.
      """,
    examples: [
      .bad(
        "most of etcd in one row", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: ⟦row-a⟧, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-a, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [infra-1, infra-2, infra-3], superuser_password: superuser, rewind: {password: rewind}}
          database: {password: database}
          replication: {password: replication}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          superuser: {env: POSTGRES_PASSWORD}
          rewind: {env: REWIND_PASSWORD}
        """),
      .bad(
        "one rack for all BMCs", as: .warning,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: ⟦80⟧
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3}}
        """),
      .good(
        "etcd in three rows",
        """
        postgresql:
          version: 16
          mode: patroni
          members: [db-1, db-2]
          patroni: {etcd: [infra-1, infra-2, infra-3], superuser_password: superuser, rewind: {password: rewind}}
          database: {password: database}
          replication: {password: replication}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          superuser: {env: POSTGRES_PASSWORD}
          rewind: {env: REWIND_PASSWORD}
        """),
      .good(
        "two racks for all BMCs",
        """
        name: prague
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll([.postgresql, .racks, .fabrics]) else { return }
      reportQuorumZone(context, &report)
      reportLoneRacks(context, &report)
    })
}

/// A zone with half of the etcd members or more; all of them, or fewer than three, are M413's.
private func reportQuorumZone(_ context: RuleContext, _ report: inout Reporter) {
  guard case .patroni(let patroni) = context.topology.postgresql.deployment, patroni.etcd.count > 2,
    context.areSound(patroni.etcd.map(\.value))
  else { return }
  var zones: [String: [Located<String>]] = [:]
  for member in patroni.etcd {
    guard let zone = context.topology[member.value].zone else { continue }
    zones[zone.value, default: []].append(zone)
    let size = zones[zone.value]?.count ?? 0
    // Found when its last needed member is seen, so that the order of the file decides.
    guard patroni.etcd.count - size == (patroni.etcd.count - 1) / 2, let places = zones[zone.value], let first = places.first else { continue }
    let all = patroni.etcd.compactMap { context.topology[$0.value].zone }.filter { $0.value == zone.value }
    guard all.count < patroni.etcd.count else { return }
    report.report(
      "the loss of zone \(zone.value) takes \(all.count) of \(patroni.etcd.count) etcd members, and with them the database's failover",
      at: first.span,
      secondary: all.dropFirst().map { Label($0.span, "the same zone") }, notes: ["quorum of \(patroni.etcd.count) is \(patroni.etcd.count / 2 + 1)"],
      help: "spread etcd over three zones")
    return
  }
}

/// VLANs that one of several racks is on. Where DHCP is ours M601 and M603 look; a single rack is M305.
private func reportLoneRacks(_ context: RuleContext, _ report: inout Reporter) {
  guard context.topology.racks.count > 1, context.areSound(context.topology.racks.map(\.host.value)) else { return }
  for vlan in context.topology.vlans where vlan.relay == nil {
    if case .pair = vlan.dhcp { continue }
    let counts = [(vlan.bmcs, "power control of", "BMC"), (vlan.machines, "boot of", "machine")].compactMap { count, function, noun in
      count.map { ($0, function, noun) }
    }
    guard let (count, function, noun) = counts.first(where: { $0.0.value > 0 }) else { continue }
    let residents = context.index.residents[vlan.id.index].filter { context.index.rack[$0.host.index] != nil }
    guard let only = residents.first, residents.allSatisfy({ $0.host == only.host }) else { continue }
    report.report(
      "the loss of \(context.name(only.host)) takes \(function) \(count.value.counted(noun)) away", at: count.span,
      secondary: [Label(context.topology[only.host].name.span, "the only rack on \(vlan.name.value)")],
      help: "give a second rack an address on \(vlan.name.value)")
  }
}
