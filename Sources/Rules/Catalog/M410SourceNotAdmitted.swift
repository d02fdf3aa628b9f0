import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let sourceNotAdmitted = Rule(
    410, "source-not-admitted", .error,
    summary: "an own pg_hba entry rejects a host that must reach the database",
    why: """
      pg_hba.conf is read from the top, and the first entry that matches decides (PostgreSQL manual, 21.1). maasc writes the entries that MAAS and \
      the standbys need above those of `hba`, so that none of these shuts them out. An entry that rejects a region, or HAProxy where HAProxy is \
      the client that PostgreSQL sees, therefore does not do what it says; and where somebody else orders the lines (`manage` observe, an \
      edited file) it is an outage: `pg_hba.conf rejects connection`.
      """,
    examples: [
      .bad(
        "the whole network is rejected", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba:
            - "host all monitoring 10.9.0.0/24 scram-sha-256"
            - ⟦"host all all 10.20.0.0/24 reject"⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "standbys may not stream", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: [⟦"host replication all 10.20.0.22/32 reject"⟧]
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "admitted before it is rejected",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba:
            - "host maasdb maas 10.20.0.0/24 scram-sha-256"
            - "host maasdb all 10.20.0.0/24 reject"
          database: {password: database}
          replication: {password: replication}
        """),
      .good(
        "another network is rejected",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          hba: ["host all all 10.99.0.0/24 reject"]
          database: {password: database}
          replication: {password: replication}
        """),
    ],
    check: .topology { context, report in
      for client in clients(of: context) {
        let entry = context.topology.postgresql.hba.first { $0.value.decides(client) }
        guard let entry, entry.value.method == "reject", !report.diagnostics.contains(where: { $0.primary.span == entry.span }) else { continue }
        report.report(
          "this entry rejects \(context.name(client.host)), \(client.purpose)", at: entry.span,
          secondary: [Label(context.topology[client.host].address.span, "connects from \(client.address)")],
          help: "narrow this entry, or put one that admits it above")
      }
    })
}

/// A connection that must be admitted.
private struct Client {
  var host: HostID
  var address: IPAddress
  var database: String
  var user: String
  var purpose: String
  /// Temporal connects without TLS.
  var isInClear: Bool
}

private func clients(of context: RuleContext) -> [Client] {
  let topology = context.topology
  guard !topology.postgresql.hba.isEmpty else { return [] }
  let inClear = Temporal.lifespan.contains(topology.servedVersion) && !Temporal.speaksTLSToPostgreSQL
  func client(_ host: HostID, _ database: String, _ user: String, _ purpose: String, _ isInClear: Bool) -> Client {
    Client(host: host, address: topology[host].address.value, database: database, user: user, purpose: purpose, isInClear: isInClear)
  }
  let isHAProxy = topology.databaseEndpoint().value.isHAProxy
  let sources = topology.databaseSources(context.index).map {
    client(
      $0, topology.databaseName().value, topology.databaseUser().value,
      isHAProxy ? "through whose HAProxy the regions reach the database" : "a region", inClear)
  }
  let members = topology.postgresql.members
  let standbys =
    members.count < 2
    ? []
    : members.map {
      client($0.value, "replication", topology.replicationUser().value, "which streams as a standby", false)
    }
  return sources + standbys
}

extension HBAEntry {
  /// Whether PostgreSQL takes this entry for the client. A libpq client that is refused with TLS tries again without, and the other way round,
  /// so an entry for one of them alone decides only for a client that cannot do the other.
  fileprivate func decides(_ client: Client) -> Bool {
    switch connection {
    case .host: break
    case .hostnossl: guard client.isInClear else { return false }
    case .local, .hostssl, .hostgssenc, .hostnogssenc: return false
    }
    let isReplication = client.database == "replication"
    guard databases.contains(client.database) || (databases.contains("all") && !isReplication) else { return false }
    guard users.contains("all") || users.contains(client.user), let peer else { return false }
    return peer.covers(client.address)
  }
}
