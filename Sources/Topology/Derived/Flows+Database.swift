import Diagnostics
import NetworkTypes

extension FlowCollector {
  /// Regions to the database, HAProxy to the members, and what the members need among themselves.
  mutating func addDatabase() {
    let endpoint = topology.databaseEndpoint().value
    open(.tcp(endpoint.port), from: regions, to: databaseEnds(endpoint), "the database, at the endpoint that regions use")
    let members = ends(.postgresql)
    let balancers = endpoint.isHAProxy ? ends(.haproxy) : []
    open(.tcp(endpoint.port), from: balancers, to: members, "HAProxy passes the regions' database connections on")
    if let check = topology.databaseRoleCheck() {
      open(.tcp(check.port), from: balancers + members, to: members, "who is the primary")
    }
    open(.tcp(endpoint.port), from: members, to: members, "replication, and who is the primary")
    addEtcd(members)
    addBackup()
  }

  /// The backup host draws the dump and MAAS' files over ssh; nothing reaches it.
  private mutating func addBackup() {
    for source in topology.hosts where !index.roles[source.id.index].isDisjoint(with: [.region, .rack, .postgresql]) {
      open(.tcp(source.ssh.port?.value ?? 22), from: ends(.backup), to: [.host(source.id)], "the backup draws from it over ssh")
    }
  }

  private mutating func addEtcd(_ members: [Flow.End]) {
    let etcd = ends(.etcd)
    open(.tcp(2379), from: members + etcd, to: etcd, "Patroni holds its leader lock in etcd")
    open(.tcp(2380), from: etcd, to: etcd, "etcd's members agree among themselves")
  }

  private func databaseEnds(_ endpoint: DatabaseEndpoint) -> [Flow.End] {
    switch endpoint.kind {
    case .virtualAddress: ends(.haproxy)
    case .haproxyHost(let host), .primary(let host): [.host(host)]
    case .external: [topology.end(endpoint.host)]
    }
  }
}
