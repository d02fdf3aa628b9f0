import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The database as MAAS itself reaches it: its user, through the endpoint that regiond.conf names.
struct DatabaseQuery {
  let host: String
  let port: Int
  let name: String
  let user: String
  /// The secret's name; nil where the server lets the user in without.
  let password: String?

  init(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    let endpoint = topology.databaseEndpoint().value
    host = endpoint.host.description
    port = endpoint.port
    name = topology.databaseName().value
    user = topology.databaseUser().value
    // Temporal, alembic and OpenFGA put the password into URLs and YAML without escaping.
    password = topology.postgresql.database.password.map { builder.need($0.value, charset: .unreserved) }
  }

  /// Prints the answer to one query. The password goes through the environment, never through arguments.
  func ask(_ sql: String) -> Shell {
    let psql: Shell = "PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h \(host) -p \(port) -U \(user) -d \(name) -c \(sql)"
    guard let password else { return psql }
    return "PGPASSWORD=$(secret \(password)) \(psql)"
  }

  /// What `maas init` asks for, as one word. Nothing in it needs percent signs, since the characters of user and password are restricted.
  var uri: Shell {
    let authority = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    let secret: Shell = password.map { "\":$(secret \($0))\"" } ?? ""
    return "postgres://\(user)\(secret)\("@\(authority):\(port)/\(name)")"
  }

  var secrets: [String] { password.map { [$0] } ?? [] }
}
