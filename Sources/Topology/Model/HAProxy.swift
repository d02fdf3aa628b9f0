package import Diagnostics
package import NetworkTypes

/// The load balancer that maasc writes.
package struct HAProxy: Sendable {
  package var span: Span
  package var hosts: [Located<HostID>]
  /// Virtual addresses; a dual-stack front end has two. Empty: none, so one host is the front end.
  package var vips: [VirtualAddress]
  package var frontendSpan: Span
  /// Default 80.
  package var port: Located<Int>?
  /// Default 443, only with `maas.tls`.
  package var tlsPort: Located<Int>?
  package var balance: Located<Balance>?
  package var vrrp: VRRP
  /// TCP ports passed to the regions as they are; nil: by version.
  package var passthrough: Located<[Located<Int>]>?
  /// Nil: every region.
  package var backends: [Backend]?
  package var timeouts: [Timeout]
  package var databaseMaxconn: Located<Int>?
  package var databaseTimeout: Located<Duration>?
  /// Written as they are, marked in the output.
  package var extraGlobal: Located<String>?
  package var extraDefaults: Located<String>?

  package enum Balance: String, Sendable, CaseIterable { case source, roundrobin, leastconn, `static-rr`, first, uri, hdr, random }

  /// `maas-api-1: 10.20.0.11:5240`; the address is a host's name, an address, or `localhost`, kept as text for M504.
  package struct Backend: Sendable {
    package var name: Located<String>
    package var address: Located<BackendAddress>
  }

  package struct BackendAddress: Hashable, Sendable {
    package var host: String
    package var port: Int
    package init(host: String, port: Int) {
      self.host = host
      self.port = port
    }
  }

  /// `timeouts: {client: 900s}`. The names are HAProxy's own.
  package struct Timeout: Sendable {
    package enum Name: String, Sendable, CaseIterable { case client, server, connect, queue, check, tunnel }
    package var name: Located<Name>
    package var value: Located<Duration>
  }
}

/// An address that keepalived moves between the HAProxy hosts.
package struct VirtualAddress: Sendable {
  package var span: Span
  package var address: Located<InterfaceAddress>
  package var interface: InterfaceChoice
  /// 1–255; default: derived from the topology's name and the address, so that it is stable.
  package var virtualRouterID: Located<Int>?

  package enum InterfaceChoice: Sendable {
    case everywhere(Located<String>)
    case perHost([(host: Located<HostID>, name: Located<String>)])
  }

  /// The interface that carries the address on `host`.
  package func interfaceName(on host: HostID) -> Located<String>? {
    switch interface {
    case .everywhere(let name): name
    case .perHost(let names): names.first { $0.host.value == host }?.name
    }
  }
}

package struct VRRP: Sendable {
  package var preempt: Located<Bool>?
  /// Milliseconds; the file has seconds (`0.3`).
  package var advertInterval: Located<Duration>?
  package init() {}
}

/// A load balancer that somebody else runs: `load_balancer.external`.
package struct ExternalBalancer: Sendable {
  package var span: Span
  /// A name or an address.
  package var host: Located<DatabaseHost>
  package var ports: [Located<Int>]
  package var servesDNS: Located<Bool>?
}

// MARK: Reading

extension HAProxy {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> HAProxy? {
    let hosts = reader.optionalList("hosts", .host, "Hosts that run HAProxy and keepalived.", required: true).map { reader.distinct($0, "host") }
    let vips = reader.mappings("vips", "Virtual addresses that keepalived moves between these hosts.") { span, reader in
      VirtualAddress.read(span, &reader)
    }
    let frontend = reader.mapping("frontend", "What clients connect to.") { span, reader in
      (
        span, reader.scalar("port", .port, "Port of API and UI, default 80."),
        reader.scalar("tls_port", .port, "Port that is passed to MAAS' TLS listener, default 443; only with maas.tls.")
      )
    }
    let balance = reader.scalar("balance", .choice("balance algorithm"), "Default source: a client stays with one region.") as Located<Balance>?
    let vrrp = reader.mapping("vrrp", "How keepalived elects.") { _, reader -> VRRP in
      var vrrp = VRRP()
      vrrp.preempt = reader.scalar("preempt", .boolean, "The first host takes the address back when it returns, default false.")
      vrrp.advertInterval = reader.scalar("advert_int", .advertInterval, "Seconds between advertisements, default 0.3.")
      return vrrp
    }
    let passthrough = reader.locatedList("passthrough", .port, "TCP ports passed to the regions. Default by version: 5242 (3.6+) and 5271 (3.5+).")
    let backends = reader.namedScalars("backends", .name, .backendAddress, "Servers of the API, name to host:port. Default: every region.")
    let timeouts = reader.readTimeouts()
    let database = reader.mapping("database", "The front end of the database.") { _, reader in
      (
        reader.scalar("maxconn", .integer(1...1_000_000), "Connections it lets through. Default: from the connection budget."),
        reader.scalar("timeout", .duration, "Client and server timeout, default 24h: LISTEN connections are idle for long.")
      )
    }
    let extra = reader.mapping("extra", "Lines of your own, written as they are.") { _, reader in
      (reader.scalar("global", .block, "For the global section."), reader.scalar("defaults", .block, "For the defaults section."))
    }
    guard let hosts else { return nil }
    return HAProxy(
      span: span, hosts: hosts, vips: vips, frontendSpan: frontend?.0 ?? span, port: frontend?.1, tlsPort: frontend?.2, balance: balance,
      vrrp: vrrp ?? VRRP(), passthrough: passthrough, backends: backends?.map { Backend(name: $0.key, address: $0.value) }, timeouts: timeouts,
      databaseMaxconn: database?.0, databaseTimeout: database?.1, extraGlobal: extra?.0, extraDefaults: extra?.1)
  }
}

extension TopologyReader {
  fileprivate mutating func readTimeouts() -> [HAProxy.Timeout] {
    mapping("timeouts", "HAProxy's timeouts by its own names.") { _, reader in
      HAProxy.Timeout.read(&reader)
    } ?? []
  }
}

extension HAProxy.Timeout {
  static func read(_ reader: inout TopologyReader) -> [HAProxy.Timeout] {
    let values: [(Name, Located<Duration>?, Span?)] = [
      (.client, reader.scalar("client", .duration, "Default 900s, as MAAS' own nginx."), reader.keySpan("client")),
      (.server, reader.scalar("server", .duration, "Default 900s, as MAAS' own nginx."), reader.keySpan("server")),
      (.connect, reader.scalar("connect", .duration, "Default 5s."), reader.keySpan("connect")),
      (.queue, reader.scalar("queue", .duration, "Default 60s, longer than the restart of a region."), reader.keySpan("queue")),
      (.check, reader.scalar("check", .duration, "Default 1s."), reader.keySpan("check")),
      (.tunnel, reader.scalar("tunnel", .duration, "Of websockets, default 900s."), reader.keySpan("tunnel")),
    ]
    return values.compactMap { name, value, span in value.map { HAProxy.Timeout(name: Located(name, at: span ?? $0.span), value: $0) } }
  }
}

extension ScalarType where Value == HAProxy.BackendAddress {
  static var backendAddress: ScalarType<HAProxy.BackendAddress> {
    ScalarType(noun: "server address", schema: .text(noun: "server address", pattern: "^.+:[0-9]{1,5}$", examples: ["10.20.0.11:5240"])) { text, _ in
      guard let colon = text.text.lastIndex(of: ":"), let port = Int(text.text[text.text.index(after: colon)...]), (1...65535).contains(port) else {
        return .bad(reason: "wanted is host:port")
      }
      var host = String(text.text[..<colon])
      if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
      guard IPAddress(host) != nil || HostName(host) != nil else { return .bad(reason: "wanted is host:port") }
      return .value(HAProxy.BackendAddress(host: host, port: port))
    }
  }
}

extension VirtualAddress {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> VirtualAddress? {
    let address = reader.scalar("address", .interfaceAddress, "Address with prefix length.", required: true)
    let name = ScalarType<String>.interfaceName
    let schema = Schema.either([name.schema(), .named(key: ScalarType<HostID>.host.schema(), keyNoun: "host", value: name.schema())])
    let interface = reader.custom(
      "interface", schema, "The interface that carries it: one name for all hosts, or host to name.", required: true
    ) { node, reader -> InterfaceChoice? in
      if reader.isScalar(node) { return reader.readScalar(node, name).map(InterfaceChoice.everywhere) }
      return reader.readNamed(node, .host) { host, value, reader in reader.readScalar(value, name).map { (host: host, name: $0) } }
        .map(InterfaceChoice.perHost)
    }
    let router = reader.scalar("virtual_router_id", .integer(1...255), "1 to 255, unique on the layer 2. Default: derived from name and address.")
    guard let address, let interface else { return nil }
    return VirtualAddress(span: span, address: address, interface: interface, virtualRouterID: router)
  }
}

extension ExternalBalancer {
  static func read(_ span: Span, _ reader: inout TopologyReader) -> ExternalBalancer? {
    let host = reader.scalar("host", .databaseHost, "Name or address.", required: true)
    let ports = reader.list("ports", .port, "Ports that it passes to the regions.")
    let dns = reader.scalar("serves_dns", .boolean, "Whether DNS answers at its address, default false.")
    guard let host else { return nil }
    return ExternalBalancer(span: span, host: host, ports: ports, servesDNS: dns)
  }
}
