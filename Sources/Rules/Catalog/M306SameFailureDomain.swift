import Diagnostics
import Topology

extension Rule {
  static let sameFailureDomain = Rule(
    306, "same-failure-domain", .warning,
    summary: "all hosts of one function stand in one zone",
    why: """
      Two hosts in one rack, row or power feed fail together, and with them what their number was to protect. Judged only where `zone` is given \
      for all of them. The racks of a VLAN count only where a rack of another zone is on that VLAN, since a second zone often is not wired \
      to it. etcd in one zone is M413.
      """,
    examples: [
      .bad(
        "both load balancers in one row", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: ⟦row-a⟧, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "both racks of a pair in one row, and a third elsewhere", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-a, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
          rack-b1: {address: 10.20.0.33, zone: row-b, addresses: {provisioning: 10.30.0.4, bmc: 10.40.0.4}}
        racks:
          rack-a1: {}
          rack-a2: {}
          rack-b1: {}
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
              dhcp: {primary_rack: rack-a1, secondary_rack: ⟦rack-a2⟧}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good("each function in two zones", "name: prague"),
      .good(
        "a pair in one row, where no other row is wired",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-a, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
    ],
    check: .topology { context, report in
      if context.topology.holdsAll([.regions, .postgresql, .balancer]) { reportFunctions(context, &report) }
      reportPairs(context, &report)
    })
}

/// One finding for each zone that holds all of one function or of several.
private func reportFunctions(_ context: RuleContext, _ report: inout Reporter) {
  var zones: [(zone: Located<String>, functions: [String], others: [Located<String>])] = []
  for function in functions(of: context.topology) {
    let places = function.hosts.compactMap { context.topology[$0].zone }
    guard function.hosts.count > 1, places.count == function.hosts.count, let first = places.first,
      places.allSatisfy({ $0.value == first.value }), context.areSound(function.hosts)
    else { continue }
    let new = places.filter { place in !zones.contains { $0.zone.span == place.span || $0.others.contains { $0.span == place.span } } }
    if let known = zones.firstIndex(where: { $0.zone.value == first.value }) {
      zones[known].functions.append(function.name)
      zones[known].others += new
    } else {
      zones.append((first, [function.name], Array(places.dropFirst())))
    }
  }
  for (zone, functions, others) in zones {
    report.report(
      "all \(functions.listed) stand in zone \(zone.value)", at: zone.span, secondary: others.map { Label($0.span, "the same zone") },
      help: "move one of them to another zone")
  }
}

/// Member lists whose loss as a whole takes a function away. etcd is M413's.
private func functions(of topology: Topology) -> [(name: String, hosts: [HostID])] {
  var result = [(name: "regions", hosts: topology.regions.map(\.host.value))]
  result.append(("PostgreSQL members", topology.postgresql.members.map(\.value)))
  if case .haproxy(let haproxy) = topology.balancer { result.append(("load balancers", haproxy.hosts.map(\.value))) }
  return result
}

private func reportPairs(_ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  for position in topology.vlans.indices {
    guard case .pair(_, let primary, let secondary?) = topology.vlans[position].dhcp, primary.value != secondary.value else { continue }
    let zone = { (rack: RackID) in topology[topology[rack].host.value].zone?.value }
    guard let first = zone(primary.value), zone(secondary.value) == first else { continue }
    let other = context.index.residents[position].first { resident in
      guard let rack = context.index.rack[resident.host.index], let place = zone(rack) else { return false }
      return place != first
    }
    guard let other else { continue }
    report.report(
      "both racks of \(topology.vlans[position].name.value) stand in zone \(first), though \(context.name(other.host)) of another zone is on it",
      at: secondary.span,
      secondary: [Label(primary.span, "zone \(first) too")], help: "set secondary_rack: \(context.name(other.host))")
  }
}
