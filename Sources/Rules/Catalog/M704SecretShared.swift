import Diagnostics
import Topology

extension Rule {
  static let secretShared = Rule(
    704, "secret-shared", .warning,
    summary: "one secret serves two purposes",
    why: """
      A password that opens two doors is changed for both or for none, and whoever may read it for one has the other: the replication role can \
      read the whole database, and MAAS' administrator all machines. Certificate and key may come from one file.
      """,
    examples: [
      .bad(
        "one password for database and administrator", as: .warning,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: database}
        secrets:
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {password: ⟦database⟧}
          replication: {password: replication}
        """),
      .bad(
        "two names for one file", as: .warning,
        """
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-database}
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          database: {password: database}
          replication: {password: ⟦replication⟧}
        """),
      .good(
        "a secret for each purpose",
        """
        name: prague
        """),
      .good(
        "certificate and key in one file",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          tls: {certificate: tls, key: tls}
        secrets:
          admin: {env: MAAS_ADMIN_PASSWORD}
          database: {file: /root/secrets/maas-database}
          replication: {file: /root/secrets/maas-replication}
          tls: {file: /root/secrets/maas.pem}
        """),
    ],
    check: .topology { context, report in
      var seen: [Secret.Source: Use] = [:]
      for use in uses(of: context.topology) {
        let source = context.topology[use.secret.value].source
        guard let earlier = seen[source] else {
          seen[source] = use
          continue
        }
        let isTLS = earlier.purpose.isTLS && use.purpose.isTLS
        guard !isTLS else { continue }
        report.report(
          "\(use.purpose.rawValue) and \(earlier.purpose.rawValue) share one secret", at: use.secret.span,
          secondary: [Label(earlier.secret.span, earlier.purpose.rawValue)],
          help: "give each its own")
      }
    })
}

private enum Purpose: String {
  case administrator = "the administrator's password"
  case certificate = "the TLS certificate"
  case key = "the TLS key"
  case approle = "the role id for Vault"
  case token = "the token for Vault"
  case database = "the database password"
  case replication = "the replication password"
  case superuser = "the password of postgres"
  case rewind = "the rewind password"

  var isTLS: Bool { self == .certificate || self == .key }
}

private struct Use {
  var secret: Located<SecretID>
  var purpose: Purpose
}

private func uses(of topology: Topology) -> [Use] {
  var patroni: Patroni?
  if case .patroni(let cluster) = topology.postgresql.deployment { patroni = cluster }
  let all: [(Located<SecretID>?, Purpose)] = [
    (topology.maas.admin?.password, .administrator), (topology.maas.tls?.certificate, .certificate), (topology.maas.tls?.key, .key),
    (topology.maas.vault?.approleID, .approle), (topology.maas.vault?.wrappedToken, .token), (topology.postgresql.database.password, .database),
    (topology.postgresql.replication?.password, .replication), (patroni?.superuserPassword, .superuser), (patroni?.rewindPassword, .rewind),
  ]
  return all.compactMap { secret, purpose in secret.map { Use(secret: $0, purpose: purpose) } }
}
