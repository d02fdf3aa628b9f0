/// A key of regiond.conf or rackd.conf.
package struct ControllerOption: Hashable, Sendable {
  /// How MAAS reads the value. It reads no other spelling: a quoted integer stops the daemon.
  package enum Kind: String, Sendable {
    case text, integer, boolean, url
    case urlList = "list of URLs"
    case uuid = "UUID"
    case directory
  }

  package let name: String
  package let kind: Kind
  /// As it would stand in the file; nil: empty.
  package let usual: String?
  /// Both ends belong to it.
  package let bounds: ClosedRange<Int>?
  package let lifespan: Lifespan
  /// What it is for, with its unit.
  package let meaning: String
}

/// What regiond.conf and rackd.conf may hold. MAAS ignores a key that it does not know, without a word.
package enum ControllerOptions {
  package static let regiondSource = "MAAS source, src/maasserver/config.py (RegionConfiguration)"
  package static let rackdSource = "MAAS source, src/provisioningserver/config.py (ClusterConfiguration)"
  package static let openFGASource = "MAAS source, src/maasopenfga/cmd/maas-openfga/main.go"

  package static let regiond: [ControllerOption] = [
    row("maas_url", .url, "http://localhost:5240/MAAS", "where clients, racks and machines reach MAAS"),
    row("broadcast_address", .text, nil, since: (3, 5), "the address that this region's Temporal tells the others to dial"),
    row("database_host", .text, "localhost", "one endpoint; a list of hosts breaks everything but Django"),
    row("database_port", .integer, "5432", in: 1...65535, "ignored by OpenFGA from 3.8, which dials 5432"),
    row("database_name", .text, "maasdb", "the database; its owner must be database_user from 3.5"),
    row("database_user", .text, "maas", "the owner of the database"),
    row("database_pass", .text, nil, "its password; quoted, since unquoted digits stop the daemon"),
    row("database_conn_max_age", .integer, "300", in: 0...Int.max, "seconds that a connection is kept"),
    row("database_keepalive", .boolean, "true", "TCP keepalive on database connections"),
    row("database_keepalive_idle", .integer, "15", "seconds of silence before the first probe"),
    row("database_keepalive_interval", .integer, "15", "seconds between probes"),
    row("database_keepalive_count", .integer, "2", "lost probes before the connection is reset"),
    row("vault_url", .text, nil, "written by maas config-vault"),
    row("vault_secrets_mount", .text, "secret", "written by maas config-vault"),
    row("vault_secrets_path", .text, nil, "written by maas config-vault"),
    row("vault_approle_id", .text, nil, "written by maas config-vault"),
    row("vault_secret_id", .text, nil, "written by maas config-vault"),
    row("num_workers", .integer, "4", in: 1...Int.max, "worker processes; only ten of them get an RPC port"),
    row("debug", .boolean, "false", "more words in the log"),
    row("debug_queries", .boolean, "false", "count and time of queries; only with debug"),
    row("debug_http", .boolean, "false", "every request and response in the log"),
    row("use_json_logging", .boolean, "true", since: (3, 8), "log lines as JSON"),
  ]

  package static let rackd: [ControllerOption] = [
    row("maas_url", .urlList, "http://localhost:5240/MAAS", "rackd tries all; the agent dials the host of the first alone"),
    row("max_idle_rpc_connections", .integer, "1", in: 1...1024, "RPC connections to each endpoint when idle"),
    row("max_rpc_connections", .integer, "4", in: 1...1024, "RPC connections to each endpoint under load"),
    row("rpc_keepalive", .integer, "1000", in: 1...5000, "milliseconds that an added connection is kept"),
    row("tftp_port", .integer, "69", in: 0...65535, "where TFTP listens"),
    row("tftp_root", .directory, nil, "what TFTP serves; the default depends on the package"),
    row("tftp_max_blksize", .integer, "8192", in: 8...8192, since: (3, 5), "the largest TFTP block, in bytes"),
    row("cluster_uuid", .uuid, nil, until: (3, 4), "the identity of a cluster of MAAS 1.x"),
    row("debug", .boolean, "false", "more words in the log"),
    row("use_json_logging", .boolean, "true", since: (3, 8), "log lines as JSON"),
    row("httpproxy_cache_size", .integer, "20000000000", in: 1...Int.max, since: (3, 5), "bytes of the agent's image cache"),
  ]

  /// Keys of regiond.conf that only OpenFGA reads; MAAS' own commands do not know them.
  package static let openFGA: [ControllerOption] = [
    row("openfga_max_open_conns", .integer, "3", since: (3, 8), "database connections that OpenFGA opens"),
    row("openfga_max_idle_conns", .integer, "1", since: (3, 8), "database connections that OpenFGA keeps"),
  ]

  private static func row(
    _ name: String, _ kind: ControllerOption.Kind, _ usual: String?, in bounds: ClosedRange<Int>? = nil, since: (Int, Int)? = nil,
    until: (Int, Int)? = nil, _ meaning: String
  ) -> ControllerOption {
    let lifespan = Lifespan(since: since.map { MAASVersion($0.0, $0.1) }, until: until.map { MAASVersion($0.0, $0.1) })
    return ControllerOption(name: name, kind: kind, usual: usual, bounds: bounds, lifespan: lifespan, meaning: meaning)
  }
}

extension [ControllerOption] {
  /// The options that this version reads.
  package func options(for version: MAASVersion) -> [ControllerOption] { filter { $0.lifespan.contains(version) } }
  package func option(_ name: String, for version: MAASVersion) -> ControllerOption? {
    first { $0.name == name && $0.lifespan.contains(version) }
  }
}
