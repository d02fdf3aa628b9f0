import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// What of a host's software is held, by what the host does.
struct HeldPackages {
  let host: HostID
  let snaps: [String]
  let debs: [String]
  let origin: Span

  init(_ builder: PlanBuilder, _ host: HostID) {
    let topology = builder.topology
    let roles = builder.index.roles[host.index]
    self.host = host
    origin = topology[host].span
    var debs: [String] = []
    if roles.contains(.postgresql), topology.level(of: .postgresql, on: host) == .full {
      debs.append("postgresql-\(topology.postgresqlVersion().value)")
      if case .patroni = topology.postgresql.deployment { debs.append("patroni") }
    }
    if roles.contains(.etcd), topology.level(of: .postgresql, on: host) == .full { debs.append("etcd-server") }
    if roles.contains(.haproxy), topology.level(of: .haproxy, on: host) == .full { debs.append("haproxy") }
    if roles.contains(.haproxy), topology.level(of: .keepalived, on: host) == .full, topology.serviceAddress != nil { debs.append("keepalived") }
    var snaps: [String] = []
    if roles.isController, topology.level(of: .maas, on: host) == .full {
      let maas = MAASHost(topology, host)
      if maas.kind == .snap { snaps = maas.packages } else { debs += maas.packages }
    }
    self.snaps = snaps
    self.debs = debs
  }

  /// Everything that installs or uses the packages comes first.
  func after(_ builder: PlanBuilder) -> [Predecessor] {
    builder.after(.packages(host), .allRegions)
  }

  func files(_ builder: PlanBuilder) -> [PlannedFile] {
    let header = builder.header(keyPath(builder))
    // unattended-upgrades and needrestart match from the start of a name.
    let apt = AptHold(packages: families.map { AptWord(sanitizing: $0) }, origin: origin).render(header: header)
    let needrestart = NeedrestartConf(services: families.map { SystemdName(sanitizing: $0) }, origin: origin).render(header: header)
    return [
      PlannedFile(path: "/etc/apt/apt.conf.d/52maasc-hold", content: apt, keyPath: keyPath(builder), origin: origin),
      PlannedFile(path: "/etc/needrestart/conf.d/52maasc-hold.conf", content: needrestart, keyPath: keyPath(builder), origin: origin),
    ]
  }

  private func keyPath(_ builder: PlanBuilder) -> String { "hosts.\(builder[host].name)" }

  /// `postgresql-16` and `maas-region-api` stand for all packages and units of their family.
  private var families: [String] {
    var result: [String] = []
    for family in debs.map({ String($0.prefix { $0 != "-" }) }) where !result.contains(family) { result.append(family) }
    return result
  }
}
