import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// haproxy.cfg of one host. All hosts have the same but for what a region on the host binds itself, and the address that database connections
/// come from.
struct HAProxyDocument {
  let topology: Topology
  let haproxy: HAProxy
  let host: Host
  let binds: [HAProxyBind]
  /// Some host or virtual address of the front end is IPv6.
  let hasIPv6: Bool

  static let path = "/etc/haproxy/haproxy.cfg"
  /// What is asked below it concerns the balancers, not MAAS.
  private static let ownPaths = "/maasc/"
  static let socket = "/run/haproxy/admin.sock"
  /// Answered by the front end itself: says that this HAProxy is alive, and nothing of the regions.
  static let livenessPath = "\(ownPaths)alive"
  /// Below it: 200 where this host holds the virtual address that follows, else 503. So a peer can be asked without a login.
  static let holderPath = "\(ownPaths)holds"
  private static let namePath = "\(ownPaths)host"

  init(_ builder: PlanBuilder, _ haproxy: HAProxy, _ id: HostID) {
    topology = builder.topology
    self.haproxy = haproxy
    host = topology[id]
    binds = topology.haproxyBinds(on: id, builder.index)
    hasIPv6 =
      haproxy.vips.contains { $0.address.value.address.family == .v6 } || host.placedAddresses.contains { $0.address.family == .v6 }
  }

  /// The configuration, which names itself by its digest, so that a worker can be asked whether it runs this one.
  func render(header: [String]) -> (text: RenderedText, revision: String) {
    let revision = Digest.of(document(revision: nil).render(header: header).text)
    return (document(revision: revision).render(header: header), revision)
  }

  private func document(revision: String?) -> HAProxyConfig {
    HAProxyConfig(
      global: global(revision), defaults: defaults, frontends: [api] + streams.map(\.frontend) + database.map(\.frontend),
      backends: [regions] + streams.map(\.backend) + database.map(\.backend) + holders)
  }

  private func global(_ revision: String?) -> HAProxyConfig.Global {
    var directives: [HAProxyConfig.Directive] = [
      .init("log", "/dev/log", "local0"), .init("stats", "socket", HAProxyWord(sanitizing: Self.socket), "mode", "660", "level", "admin"),
      .init("chroot", "/var/lib/haproxy"), .init("user", "haproxy"), .init("group", "haproxy"),
    ]
    if let revision { directives.append(.init("description", HAProxyWord(sanitizing: "maasc-\(revision)"))) }
    return .init(directives: directives, maxconn: maxconn, extra: extra(haproxy.extraGlobal, "global"))
  }

  private var defaults: HAProxyConfig.Defaults {
    let names: [(HAProxyConfig.Timeout.Name, HAProxy.Timeout.Name)] = [
      (.connect, .connect), (.queue, .queue), (.client, .client), (.server, .server), (.tunnel, .tunnel), (.check, .check),
    ]
    return .init(
      mode: .http,
      directives: [
        .init("log", "global"), .init("option", "dontlognull"), .init("retries", "3"),
        // At once to another server: a client must not wait for one that has just died.
        .init("option", "redispatch", "1"),
      ],
      timeouts: names.map { name, own in
        let value = topology.haproxyTimeout(own)
        return .init(name, value.value, origin: value.span)
      }, extra: extra(haproxy.extraDefaults, "defaults"))
  }

  private func extra(_ text: Located<String>?, _ section: String) -> HAProxyConfig.Verbatim? {
    guard let text, !text.value.isEmpty else { return nil }
    return .init(text.value, keyPath: LineText(sanitizing: "haproxy.extra.\(section)"), origin: text.span)
  }

  /// Both ends of every client's and every database connection, and as many again for a start of all agents at once.
  private var maxconn: Int { 4096 + topology.haproxyDatabaseMaxconn().value }

  private var api: HAProxyConfig.Frontend {
    .init(
      "maas", mode: .http, binds: bind(.api), monitorURI: HAProxyWord(sanitizing: Self.livenessPath),
      directives: [.init("option", "httplog"), .init("option", "forwardfor")] + answers, defaultBackend: "regions", origin: haproxy.span)
  }

  /// Who answers at the virtual address, and whether that is this host.
  private var answers: [HAProxyConfig.Directive] {
    guard !haproxy.vips.isEmpty else { return [] }
    let ok: HAProxyConfig.Directive = .init(
      "http-request", "return", "status", "200", "content-type", "text/plain", "string", identity, "if", "{", "path",
      HAProxyWord(sanitizing: Self.namePath), "}")
    // Every balancer asks every second; the log is for what clients ask.
    let quiet: HAProxyConfig.Directive = .init(
      "http-request", "set-log-level", "silent", "if", "{", "path_beg", HAProxyWord(sanitizing: Self.ownPaths), "}")
    return [quiet, ok]
      + haproxy.vips.flatMap { vip -> [HAProxyConfig.Directive] in
        let path = HAProxyWord(sanitizing: Self.holderPath(of: vip))
        let isHeld = HAProxyWord(sanitizing: "nbsrv(\(Self.holderBackend(vip)))")
        return [
          .init("http-request", "return", "status", "200", "if", "{", "path", path, "}", "{", isHeld, "ge", "1", "}", origin: vip.span),
          .init("http-request", "return", "status", "503", "if", "{", "path", path, "}", origin: vip.span),
        ]
      }
  }

  /// Looked for within the answer, so it has an end: `rack-1` must not be found in `rack-10`.
  private var identity: HAProxyWord { HAProxyWord(sanitizing: "host=\(host.name.value);") }

  static func holderPath(of vip: VirtualAddress) -> String { "\(holderPath)/\(vip.address.value.address)" }
  private static func holderBackend(_ vip: VirtualAddress) -> String { "vip-\(vip.address.value.address)" }

  /// The virtual address is asked for its host's name; the check succeeds where that is this one. Where two hosts hold it, it succeeds on both.
  private var holders: [HAProxyConfig.Backend] {
    haproxy.vips.map { vip in
      let name = HAProxyName(sanitizing: Self.holderBackend(vip))
      return .init(
        name, mode: .http,
        directives: [
          .init("option", "httpchk", "GET", HAProxyWord(sanitizing: Self.namePath)),
          .init("http-check", "expect", "string", identity),
        ], serverDefaults: .init(interval: .seconds(1), fall: 1, rise: 1),
        servers: [.init("holder", host: .address(vip.address.value.address), port: topology.haproxyPort().value)], origin: vip.span)
    }
  }

  private func bind(_ purpose: HAProxyBind.Purpose) -> [HAProxyConfig.Bind] {
    binds.filter { $0.purpose == purpose }.map { bind in
      .init(bind.address.map { .address($0) } ?? (hasIPv6 ? .every : .everyIPv4), port: bind.port)
    }
  }

  /// `GET /MAAS/rpc/` needs no login, passes through nginx to regiond, and is answered without TLS also where MAAS redirects everything else to it
  /// (MAAS source, src/maasserver/templates/http/regiond.nginx.conf.template).
  private var isServing: HAProxyConfig.HealthCheck { .http(path: "/MAAS/rpc/", status: 200) }

  private var regions: HAProxyConfig.Backend {
    backend("regions", mode: .http, check: isServing, servers: servers.map { $0 })
  }

  private func backend(
    _ name: HAProxyName, mode: HAProxyConfig.Mode, check: HAProxyConfig.HealthCheck, servers: [HAProxyConfig.Server]
  ) -> HAProxyConfig.Backend {
    var balance = topology.haproxyBalance().value
    if mode == .tcp, balance == .uri || balance == .hdr { balance = .source }
    return .init(
      name, mode: mode, balance: HAProxyWord(sanitizing: balance.rawValue),
      hashesConsistently: balance == .source || balance == .uri || balance == .hdr, check: check, serverDefaults: Self.pace,
      servers: servers, origin: haproxy.backends?.first?.name.span ?? haproxy.span)
  }

  /// A region that refuses is out after a fifth of a second, one that hangs after two missed checks of a second. One that is out is asked often:
  /// where its connections to the database broke, each of its threads answers one request with 500 before it connects anew.
  static let pace = HAProxyConfig.ServerDefaults(
    interval: .seconds(1), fastInterval: Duration(milliseconds: 200), downInterval: Duration(milliseconds: 200), fall: 2, rise: 2)

  private var servers: [HAProxyConfig.Server] {
    topology.haproxyBackends().value.compactMap { server in
      let host: HAProxyConfig.Server.Host? =
        switch server.host {
        case .address(let address): .address(address)
        case .name(let name): HostName(name).map { .name($0) }
        }
      return host.map { .init(HAProxyName(sanitizing: server.name), host: $0, port: server.port) }
    }
  }

  /// TLS and the agents' ports go through untouched: MAAS ends TLS itself, and the agents' certificates are MAAS' own.
  private var streams: [(frontend: HAProxyConfig.Frontend, backend: HAProxyConfig.Backend)] {
    var ports: [(name: String, binds: [HAProxyConfig.Bind], target: Int, checkPort: Int?)] = []
    if !bind(.tls).isEmpty { ports.append(("tls", bind(.tls), topology.tlsPort().value, Endpoints.api)) }
    for bind in bind(.passthrough) { ports.append(("port-\(bind.port)", [bind], bind.port, nil)) }
    return ports.map { port in
      let name = HAProxyName(sanitizing: port.name)
      let servers = servers.map { server in
        var server = server
        server.port = port.target
        server.checkPort = port.checkPort
        return server
      }
      return (
        .init(name, mode: .tcp, binds: port.binds, directives: [.init("option", "tcplog")], defaultBackend: name, origin: haproxy.span),
        backend(name, mode: .tcp, check: port.checkPort == nil ? .connect : isServing, servers: servers)
      )
    }
  }

  private var database: [(frontend: HAProxyConfig.Frontend, backend: HAProxyConfig.Backend)] {
    var own = bind(.database)
    // Keepalive asks only where nothing waits to be acknowledged: an answer to a client that the address has left would be sent for a quarter of an
    // hour, and its session hold its locks.
    for index in own.indices { own[index].userTimeout = .seconds(30) }
    guard !own.isEmpty, let check = topology.databaseRoleCheck() else { return [] }
    let patience = topology.haproxyDatabaseTimeout()
    let frontend = HAProxyConfig.Frontend(
      "postgresql", mode: .tcp, binds: own, maxconn: topology.haproxyDatabaseMaxconn().value,
      timeouts: [.init(.client, patience.value, origin: patience.span)], directives: [.init("option", "tcplog")] + keepalive("clitcpka"),
      defaultBackend: "primary", origin: haproxy.span)
    return [(frontend, primary(check, patience, keepalive("srvtcpka")))]
  }

  /// When the virtual address moves, no client closes its connection to the host that had it, and the database would stay full of them for the two
  /// hours that the kernel waits by itself: regions that connect anew would be refused.
  private func keepalive(_ side: String) -> [HAProxyConfig.Directive] {
    [.init("option", HAProxyWord(sanitizing: side))]
      + [("idle", "3s"), ("intvl", "1s"), ("cnt", "3")].map { name, value in
        .init(HAProxyWord(sanitizing: "\(side)-\(name)"), HAProxyWord(sanitizing: value))
      }
  }

  /// `balance first`: should two members ever call themselves primary, all clients write to one of them. pg_hba.conf admits the host's own address,
  /// so connections come from it also while the host has the virtual address.
  private func primary(
    _ check: DatabaseRoleCheck, _ patience: Derived<Duration>, _ keepalive: [HAProxyConfig.Directive]
  ) -> HAProxyConfig.Backend {
    let port = topology.databasePort().value
    let servers = topology.postgresql.members.map { member in
      let member = topology[member.value]
      return HAProxyConfig.Server(
        HAProxyName(sanitizing: member.name.value.short), host: .address(member.address.value), port: port, checkPort: check.port,
        source: host.address.value.family == member.address.value.family ? host.address.value : nil, origin: member.name.span)
    }
    return .init(
      "primary", mode: .tcp, balance: "first", check: .httpOptions(path: HAProxyWord(sanitizing: check.path), status: 200),
      timeouts: [.init(.server, patience.value, origin: patience.span)], directives: keepalive,
      serverDefaults: .init(
        interval: .seconds(1), fastInterval: Duration(milliseconds: 200), downInterval: Duration(milliseconds: 500), fall: 2, rise: 1),
      servers: servers,
      origin: topology.postgresql.span)
  }
}

/// A short name for a text, alike on every machine: FNV-1a, 64 bits.
enum Digest {
  static func of(_ text: String) -> String {
    String(text.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }, radix: 16)
  }
}
