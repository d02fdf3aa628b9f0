import Diagnostics
import MAASFacts
import NetworkTypes

/// One key of the language as it holds in a topology: set in the file, or chosen, and why.
package struct ValueInForce: Sendable {
  /// `regions.infra-1.num_workers`.
  package var path: String
  package var value: String
  package var origin: Derived<String>.Origin
}

extension Topology {
  /// Every value that has a default, as it is in force, in the order of the language.
  package func valuesInForce() -> [ValueInForce] {
    var list = ValueList()
    list.add("maas.url", maasURL())
    addControllers(&list)
    addPostgreSQL(&list)
    if case .haproxy(let haproxy) = balancer { addHAProxy(haproxy, &list) }
    if maas.tls != nil { list.add("maas.tls.port", tlsPort()) }
    if case .ours? = backup?.kind {
      list.add("backup.directory", backupDirectory())
      list.add("backup.keep", backupKeep())
    }
    return list.values
  }

  private func addControllers(_ list: inout ValueList) {
    for region in regions {
      let host = self[region.host.value]
      let path = "regions.\(host.name.value)"
      list.add("\(path).version", version(on: host.id))
      list.add("\(path).install", installKind(on: host.id))
      if installKind(on: host.id).value == .snap { list.add("\(path).channel", channel(on: host.id)) }
      list.add("\(path).num_workers", numWorkers(of: region))
      list.add("\(path).maas_url", maasURL(of: region))
      if let address = broadcastAddress(of: region) { list.add("\(path).broadcast_address", address) }
    }
    for rack in racks {
      let host = self[rack.host.value]
      let path = "racks.\(host.name.value)"
      list.add("\(path).version", version(on: host.id))
      list.add("\(path).install", installKind(on: host.id))
      if installKind(on: host.id).value == .snap { list.add("\(path).channel", channel(on: host.id)) }
      list.add("\(path).maas_url", rackURLs(of: rack)) { $0.map(\.description).joined(separator: ", ") }
    }
  }

  private func addPostgreSQL(_ list: inout ValueList) {
    list.add("postgresql.version", postgresqlVersion())
    list.add("postgresql.port", databasePort())
    list.add("postgresql.max_connections", maxConnections())
    list.add("postgresql.database.name", databaseName())
    list.add("postgresql.database.user", databaseUser())
    guard !postgresql.members.isEmpty else { return }
    list.add("postgresql.cluster", postgresqlCluster())
    list.add("postgresql.data_directory", dataDirectory())
    list.add("postgresql.replication.user", replicationUser())
    guard case .patroni = postgresql.deployment else { return }
    list.add("postgresql.patroni.scope", patroniScope())
    list.add("postgresql.patroni.ttl", patroniTTL())
    list.add("postgresql.patroni.loop_wait", patroniLoopWait())
    list.add("postgresql.patroni.retry_timeout", patroniRetryTimeout())
    list.add("postgresql.patroni.failsafe_mode", patroniFailsafe())
    list.add("postgresql.patroni.rewind.user", rewindUser())
  }

  private func addHAProxy(_ haproxy: HAProxy, _ list: inout ValueList) {
    list.add("haproxy.frontend.port", haproxyPort())
    if maas.tls != nil { list.add("haproxy.frontend.tls_port", haproxyTLSPort()) }
    list.add("haproxy.balance", haproxyBalance()) { $0.rawValue }
    list.add("haproxy.passthrough", haproxyPassthrough()) { $0.map(String.init).joined(separator: ", ") }
    list.add("haproxy.backends", haproxyBackends()) { $0.map { "\($0.name)=\($0.host):\($0.port)" }.joined(separator: ", ") }
    for name in HAProxy.Timeout.Name.allCases { list.add("haproxy.timeouts.\(name.rawValue)", haproxyTimeout(name)) }
    list.add("haproxy.database.maxconn", haproxyDatabaseMaxconn())
    list.add("haproxy.database.timeout", haproxyDatabaseTimeout())
    for (index, vip) in haproxy.vips.enumerated() {
      list.add("haproxy.vips[\(index)].virtual_router_id", virtualRouterID(of: vip))
    }
    guard !haproxy.vips.isEmpty else { return }
    list.add("haproxy.vrrp.advert_int", advertInterval())
    list.add("haproxy.vrrp.preempt", preempt())
  }
}

private struct ValueList {
  var values: [ValueInForce] = []

  mutating func add<Value>(_ path: String, _ derived: Derived<Value>, _ text: (Value) -> String = { "\($0)" }) {
    let origin: Derived<String>.Origin =
      switch derived.origin {
      case .given(let span): .given(span)
      case .chosen(let reason): .chosen(reason)
      }
    values.append(ValueInForce(path: path, value: text(derived.value), origin: origin))
  }
}
