import Diagnostics
import MAASFacts
import NetworkTypes

/// The one place where every region finds the database.
package struct DatabaseEndpoint: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case virtualAddress
    case haproxyHost(HostID)
    case primary(HostID)
    case external
  }
  package var host: DatabaseHost
  package var port: Int
  package var kind: Kind

  package init(host: DatabaseHost, port: Int, kind: Kind) {
    self.host = host
    self.port = port
    self.kind = kind
  }

  /// True where HAProxy stands between the regions and PostgreSQL, so that PostgreSQL sees HAProxy's addresses.
  package var isHAProxy: Bool {
    switch kind {
    case .virtualAddress, .haproxyHost: true
    case .primary, .external: false
    }
  }
}

extension Topology {
  /// What regiond.conf gets as `database_host` and `database_port`.
  package func databaseEndpoint() -> Derived<DatabaseEndpoint> {
    let port = databasePort().value
    let make = { (host: DatabaseHost, kind: DatabaseEndpoint.Kind) in DatabaseEndpoint(host: host, port: port, kind: kind) }
    if case .external(let external) = postgresql.deployment {
      return Derived(given: external.host.map { make($0, .external) })
    }
    if let vip = serviceAddress {
      return Derived(make(.address(vip.address.value.address), .virtualAddress), because: "HAProxy at the virtual address finds the primary")
    }
    if case .haproxy(let haproxy) = balancer, let host = haproxy.hosts.first?.value {
      return Derived(make(.address(self[host].address.value), .haproxyHost(host)), because: "HAProxy on \(self[host].name.value) finds the primary")
    }
    guard let primary = postgresql.members.first?.value else { return Derived(make(.several([]), .external), because: "no member is declared") }
    return Derived(
      make(.address(self[primary].address.value), .primary(primary)), because: "nothing stands in front of PostgreSQL, so its first member")
  }

  /// Who appears as a client in pg_hba.conf: the HAProxy hosts where the endpoint is HAProxy, else the regions. In file order.
  package func databaseSources(_ index: TopologyIndex) -> [HostID] {
    index.hosts(with: databaseEndpoint().value.isHAProxy ? .haproxy : .region)
  }

  package func databaseName() -> Derived<String> { Derived(postgresql.database.name, else: "maasdb", because: "the name in MAAS' documentation") }
  package func databaseUser() -> Derived<String> { Derived(postgresql.database.user, else: "maas", because: "the name in MAAS' documentation") }

  /// Of the server; for an external one, of its endpoint.
  package func databasePort() -> Derived<Int> {
    if case .external(let external) = postgresql.deployment, let port = external.port { return Derived(given: port) }
    return Derived(postgresql.port, else: 5432, because: "PostgreSQL's own default, and the only port that MAAS' OpenFGA dials from 3.8")
  }

  /// The major version.
  package func postgresqlVersion() -> Derived<Int> {
    if let version = postgresql.version { return Derived(given: version) }
    let release = Releases.release(servedVersion)
    let ubuntu = postgresql.members.compactMap { self[$0.value].os?.value }.first
    if let ubuntu, let carried = UbuntuPostgreSQL.version(on: ubuntu), carried >= release?.postgresqlDocumented ?? 0 {
      return Derived(carried, because: "what Ubuntu \(ubuntu.number) carries")
    }
    return Derived(release?.postgresqlRecommended ?? 16, because: "what MAAS \(servedVersion.line) recommends")
  }

  package func postgresqlCluster() -> Derived<String> {
    Derived(postgresql.cluster, else: "main", because: "the cluster that Ubuntu's packages make")
  }

  package func dataDirectory() -> Derived<String> {
    Derived(
      postgresql.dataDirectory, else: "/var/lib/postgresql/\(postgresqlVersion().value)/\(postgresqlCluster().value)",
      because: "where Ubuntu's packages keep the cluster")
  }

  /// Of the user that standbys stream as.
  package func replicationUser() -> Derived<String> {
    let replication =
      switch postgresql.deployment {
      case .streaming(let streaming): streaming.replication
      case .patroni(let patroni): patroni.replication
      case .external: Replication?.none
      }
    return Derived(replication?.user, else: "replicator", because: "the customary name")
  }

  /// Of the user that pg_rewind works as.
  package func rewindUser() -> Derived<String> { Derived(patroni?.rewindUser, else: "rewind", because: "the customary name") }
}
