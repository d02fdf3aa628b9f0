import Diagnostics
import Formats
import NetworkTypes
import Topology

/// etcd, in which Patroni keeps its leader lock.
enum EtcdRole {
  static let unit = "etcd.service"
  static let configuration = "/etc/default/etcd"
  static let dropIn = "/etc/systemd/system/etcd.service.d/maasc.conf"
  /// Read after the configuration; only while a cluster is born does it exist, and a reboot ends it.
  static let bootstrap = "/run/maasc-etcd-bootstrap"
  /// systemd makes it anew at each start: a file that is newer has not been read yet.
  static let startMark = "/run/maasc-etcd"
  static let dataDirectory = "/var/lib/etcd/maasc"

  static func plan(_ builder: inout PlanBuilder) {
    guard case .patroni(let patroni) = builder.topology.postgresql.deployment else { return }
    var last: [Predecessor] = []
    var started: [Predecessor] = []
    let managed = patroni.etcd.filter { builder.topology.level(of: .postgresql, on: $0.value) != .none }
    for host in managed {
      let level = builder.topology.level(of: .postgresql, on: host.value)
      let files = files(of: host, patroni, builder).map { file in
        var file = file
        file.isInstalled = level == .full
        return file
      }
      builder[host.value].files += files
      builder[host.value].probes.append(probe(builder[host.value], host.span))
      builder[host.value].services.append(PlannedService(unit))
      guard level == .full else { continue }
      builder[host.value].packages += ["etcd-server", "etcd-client"]
      let steps = EtcdSteps(host: builder[host.value], others: Self.others(than: host, patroni, builder), files: files, origin: host.span)
      last = [.step(builder.add(steps.member(after: builder.after(.packages(host.value)) + last)))]
      started += last
    }
    for host in patroni.etcd where builder.topology.level(of: .postgresql, on: host.value) == .full {
      let steps = EtcdSteps(host: builder[host.value], others: Self.others(than: host, patroni, builder), files: [], origin: host.span)
      builder.add(steps.quorum(after: started), reaching: .lockStore)
    }
  }

  private static func others(than host: Located<HostID>, _ patroni: Patroni, _ builder: PlanBuilder) -> [HostPlan] {
    patroni.etcd.filter { $0.value != host.value }.map { builder[$0.value] }
  }

  private static func files(of host: Located<HostID>, _ patroni: Patroni, _ builder: PlanBuilder) -> [PlannedFile] {
    let member = { (host: Located<HostID>) in
      EtcdConf.Member(builder.topology[host.value].name.value, builder.topology[host.value].address.value, origin: host.span)
    }
    let conf = EtcdConf(
      member: member(host), members: patroni.etcd.map(member), token: BareWord(sanitizing: "maasc-\(builder.topology.patroniScope().value)"),
      initialState: .existing, dataDirectory: BareWord(sanitizing: dataDirectory), origin: patroni.span)
    let unit = SystemdUnit(sections: [
      .init(
        "Service",
        [
          .init("EnvironmentFile", .raw(LineText(sanitizing: "-\(bootstrap)")), comment: "only while the cluster is born"),
          .init("RuntimeDirectory", .text("maasc-etcd")), .init("Restart", .text("always")),
        ])
    ])
    let header = builder.header("postgresql.patroni.etcd")
    return [
      PlannedFile(path: configuration, content: conf.render(header: header), keyPath: "postgresql.patroni.etcd", origin: host.span),
      PlannedFile(path: dropIn, content: unit.render(header: header), keyPath: "postgresql.patroni.etcd", origin: host.span),
    ]
  }

  private static func probe(_ host: HostPlan, _ origin: Span) -> Probe {
    Probe(
      id: "etcd.health", title: "etcd has a quorum", command: "\(Etcdctl.command([host])) endpoint health >/dev/null && echo healthy",
      expected: .equals("healthy"), origin: origin)
  }
}

/// etcd's client, as every version that Ubuntu carries understands it.
enum Etcdctl {
  static func url(_ host: HostPlan) -> String { "http://\(host.address.bracketed):2379" }

  static func command(_ hosts: [HostPlan]) -> Shell {
    "ETCDCTL_API=3 etcdctl --command-timeout=5s --endpoints=\(hosts.map(url).joined(separator: ","))"
  }
}
