import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// What is deployed, in lines of Markdown for people who see the installation for the first time.
extension PlanBuilder {
  var summary: [String] { [controllers, database, balancer, backup] + levels }

  private var controllers: String {
    let hosts = topology.regions.map(\.host.value) + topology.racks.map(\.host.value)
    let sources = hosts.map { host in
      topology.installKind(on: host).value == .snap ? "snap \(Markdown.code("\(topology.channel(on: host).value)"))" : "Debian packages"
    }
    let tls = topology.maas.tls == nil ? "" : ", TLS on port \(topology.tlsPort().value)"
    let vault = topology.maas.vault == nil ? "" : ", secrets in Vault"
    return
      "MAAS \(topology.maas.version.value) (\(unique(sources).joined(separator: ", "))) at \(Markdown.code("\(topology.maasURL().value)"))\(tls)\(vault)"
  }

  private var database: String {
    let endpoint = topology.databaseEndpoint().value
    let place = "\(Markdown.code(topology.databaseName().value)) at \(Markdown.code("\(endpoint.host)")) port \(endpoint.port)"
    let members = names(topology.postgresql.members.map(\.value))
    let server =
      switch topology.postgresql.deployment {
      case .streaming(let streaming) where streaming.members.count > 1:
        "streaming replication between \(members); which is primary is found at run time"
      case .streaming: "one server, \(members)"
      case .patroni(let patroni): "Patroni on \(members), etcd on \(names(patroni.etcd.map(\.value)))"
      case .external: "run by others"
      }
    return "PostgreSQL \(topology.postgresqlVersion().value), \(place): \(server)"
  }

  private var balancer: String {
    switch topology.balancer {
    case .none: return "No load balancer"
    case .external(let external): return "Load balancer \(Markdown.code("\(external.host.value)")), run by others"
    case .haproxy(let haproxy):
      let addresses = haproxy.vips.map { Markdown.code("\($0.address.value.address)") }.joined(separator: ", ")
      return "HAProxy on \(names(haproxy.hosts.map(\.value)))" + (addresses.isEmpty ? "" : ", one of which holds \(addresses)")
    }
  }

  private var backup: String {
    switch topology.backup?.kind {
    case .ours(let own):
      let copy = own.copyTo.map { ", copied to \(Markdown.code($0.value))" } ?? ""
      return "A backup every night on \(topology[own.host.value].name.value) in \(Markdown.code(topology.backupDirectory().value)), "
        + "\(topology.backupKeep().value) kept\(copy)"
    case .external(let words): return "Backed up elsewhere: \(Markdown.escape(words.value))"
    case nil: return "No backup"
    }
  }

  /// What the bundle leaves as it is.
  private var levels: [String] {
    [(Manage.Level.observe, "Only looked at"), (.none, "Left alone")].compactMap { level, words in
      let components = Manage.Component.allCases.filter { topology.level(of: $0) == level }.map(\.rawValue)
      let hosts = topology.hosts.filter { $0.manage?.fallback?.value == level }.map { "all of \($0.name.value)" }
      let all = components + hosts
      return all.isEmpty ? nil : "\(words), as \(Markdown.code("manage")) says: \(all.joined(separator: ", "))"
    }
  }

  private func names(_ hosts: [HostID]) -> String { hosts.map { topology[$0].name.value.description }.joined(separator: ", ") }

  private func unique(_ texts: [String]) -> [String] {
    texts.enumerated().filter { !texts[..<$0.offset].contains($0.element) }.map(\.element)
  }
}
