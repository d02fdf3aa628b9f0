package import Formats
import NetworkTypes

extension Samples {
  package static let postgresql = PostgreSQLConf(settings: [
    .init("listen_addresses", .list(["10.20.0.21", "127.0.0.1"]), comment: "Never *."),
    .init("max_connections", .integer(350)), .init("shared_buffers", .size(128, .megabytes)), .init("hot_standby", .boolean(true)),
    .init("wal_receiver_timeout", .time(30, .seconds)), .init("cluster_name", .text("it's a \\ \n test")),
    .init("password_encryption", .text("scram-sha-256")),
  ])

  package static let hba = PgHBA(lines: [
    .init(.local, databases: [.all], users: [.named("postgres")], method: .peer),
    .init(
      .host, databases: [.named("maasdb")], users: [.named("maas")], from: .address(address("10.20.0.11")), method: .scramSHA256,
      comment: "infra-1"),
    .init(.host, databases: [.replication], users: [.named("replicator")], from: .address(address("2001:db8::22")), method: .scramSHA256),
    .init(
      .host, databases: [.named("replication"), .named("my \"db\"")], users: [.named("all"), .written("+staff")],
      from: .network(network("10.9.0.0/24")), method: .written("md5")),
    .init(.host, databases: [.all], users: [.all], from: .all, method: .reject),
  ])

  package static let patroni: PatroniConf? = HostName("db-1").map { member in
    PatroniConf(
      scope: "prague", member: member, address: address("10.20.0.21"), restPort: 8008, port: 5432,
      etcd: [.init(address("10.20.0.11")), .init(address("2001:db8::12"))],
      cluster: .init(
        ttl: 20, loopWait: 5, retryTimeout: 5, failsafe: true, synchronous: false,
        parameters: [.init("max_connections", .integer(350)), .init("wal_log_hints", .boolean(true)), .init("wal_keep_size", .size(1, .gigabytes))],
        hba: [
          .init(.local, databases: [.all], users: [.all], method: .peer),
          .init(.host, databases: [.replication], users: [.named("replicator")], from: .address(address("10.20.0.22")), method: .scramSHA256),
        ]),
      dataDirectory: "/var/lib/postgresql/15/main", binaryDirectory: "/usr/lib/postgresql/15/bin", passwordFile: "/var/lib/postgresql/.pgpass",
      socketDirectory: "/var/run/postgresql", superuser: .init(user: "postgres", password: .init("pg-super")),
      replication: .init(user: "replicator", password: .init("replication")), rewind: .init(user: "rewind", password: .init("pg-rewind")))
  }

  package static let etcd: EtcdConf? = {
    guard let one = HostName("infra-1"), let two = HostName("infra-2") else { return nil }
    let members: [EtcdConf.Member] = [.init(one, address("10.20.0.11")), .init(two, address("2001:db8::12"))]
    return EtcdConf(member: members[0], members: members, token: "prague", initialState: .new, dataDirectory: "/var/lib/etcd/prague")
  }()
}
