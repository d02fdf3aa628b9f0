/// What HAProxy asks a database member to learn whether it is the primary: plain HTTP, 200 on the primary, 503 elsewhere.
package struct DatabaseRoleCheck: Hashable, Sendable {
  package let port: Int
  package let path: String

  /// Answered by our own service beside a streaming server; the port is the one that MAAS' own playbooks gave such a check.
  package static let streaming = DatabaseRoleCheck(port: 23267, path: "/primary")
  /// Answered by Patroni's REST API.
  package static let patroni = DatabaseRoleCheck(port: 8008, path: "/primary")
}

extension Topology {
  /// Nil where somebody else runs the server.
  package func databaseRoleCheck() -> DatabaseRoleCheck? {
    switch postgresql.deployment {
    case .streaming: .streaming
    case .patroni: .patroni
    case .external: nil
    }
  }
}
