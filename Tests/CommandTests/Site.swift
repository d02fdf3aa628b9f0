/// A topology with nothing wrong in it, and ways to put something wrong into it.
enum Site {
  static let clean = """
    schema: 1
    name: prague   # the site
    maas: {version: "3.7"}
    secrets:
      database: {env: DATABASE}
      replication: {env: REPLICATION}
    hosts:
      a: {address: 10.0.0.1, zone: x}
      b: {address: 10.0.0.2, zone: y}
      c: {address: 10.0.0.3, zone: z}
    regions: {a: , b: , c: }
    racks: {a: , b: , c: }   # every host
    postgresql:
      version: 16
      mode: streaming
      members: [a, b]
      max_connections: auto   # computed
      database: {password: database}
      replication: {password: replication}
    haproxy:
      hosts: [a, b, c]
      vips: [{address: 10.0.0.10/24, interface: eth0}]
    backup: {host: c, copy_to: "ops@store.example.net:/maas"}

    """

  /// One error, M402, with an edit that is certain.
  static let tooFewConnections = with("max_connections: auto", "max_connections: 100")
  /// One warning, M802.
  static let noBackup = clean.split(separator: "\n").filter { !$0.hasPrefix("backup") }.joined(separator: "\n") + "\n"

  static func with(_ old: String, _ new: String) -> String { clean.replacing(old, with: new) }
}
