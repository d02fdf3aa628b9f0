import Diagnostics
import Formats
import NetworkTypes
import Topology

/// Who may connect to a member. `host`, never `hostssl`: MAAS' Temporal speaks no TLS to its database. One address for each source of connections.
struct PostgreSQLHBA {
  let topology: Topology
  let index: TopologyIndex
  let server: DatabaseServer
  /// Members that are admitted for replication: the peers, or with Patroni, which keeps one list for all, every member.
  let members: [DatabaseServer.Member]
  let rewindUser: String
  /// Patroni asks its own server for the timeline over a replication connection; a member that cannot tell its timeline never stands for leader.
  var asksItself = false

  func lines(isReplicated: Bool) -> [PgHBA.Line] {
    local + (asksItself ? [ownTimeline] : []) + sources + (isReplicated ? members.flatMap(replication) : []) + topology.postgresql.hba.map(Self.own)
  }

  private static let loopback = IPNetwork(IPAddress(.v4, 0x7f00_0001), prefixLength: 32)

  private var local: [PgHBA.Line] {
    [
      .init(.local, databases: [.all], users: [.all], method: .peer),
      .init(.host, databases: [.all], users: [.all], from: .network(Self.loopback), method: .scramSHA256),
      .init(.host, databases: [.all], users: [.all], from: .address(IPAddress(.v6, 1)), method: .scramSHA256),
    ]
  }

  private var ownTimeline: PgHBA.Line {
    .init(.host, databases: [.replication], users: [.named(server.replicationUser)], from: .network(Self.loopback), method: .scramSHA256)
  }

  private var sources: [PgHBA.Line] {
    let isHAProxy = topology.databaseEndpoint().value.isHAProxy
    return topology.databaseSources(index).map { id in
      let host = topology[id]
      return .init(
        .host, databases: [.named(topology.databaseName().value)], users: [.named(topology.databaseUser().value)], from: .address(host.address.value),
        method: .scramSHA256, comment: LineText("\(isHAProxy ? "HAProxy" : "region") on \(host.name.value)"), origin: host.address.span)
    }
  }

  private func replication(_ peer: DatabaseServer.Member) -> [PgHBA.Line] {
    let origin = topology[peer.id].address.span
    return [
      .init(
        .host, databases: [.replication], users: [.named(server.replicationUser)], from: .address(peer.address), method: .scramSHA256,
        comment: LineText("member \(peer.name): replication, and pg_rewind"), origin: origin),
      .init(.host, databases: [.named("postgres")], users: [.named(rewindUser)], from: .address(peer.address), method: .scramSHA256, origin: origin),
    ]
  }

  /// An entry of the topology's `hba`; after ours, so that none shuts a source out.
  private static func own(_ entry: Located<HBAEntry>) -> PgHBA.Line {
    let value = entry.value
    let peer: PgHBA.Peer? =
      switch value.peer {
      case nil: nil
      case .network(let network)?: .network(network)
      case .name(let name)?: .name(name)
      case .keyword(let word)?: ["samehost": .samehost, "samenet": .samenet][word] ?? .all
      }
    return .init(
      PgHBA.Connection(rawValue: value.connection.rawValue) ?? .host, databases: value.databases.map { .written($0) },
      users: value.users.map { .written($0) }, from: peer, method: .written(value.method), options: value.options, origin: entry.span)
  }
}
