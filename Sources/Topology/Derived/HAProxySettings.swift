import Diagnostics
import MAASFacts
package import NetworkTypes

/// A server of the API's back end.
package struct BackendServer: Hashable, Sendable {
  package enum Host: Hashable, Sendable, CustomStringConvertible {
    case address(IPAddress)
    /// A name that is no host of the file (`localhost`, say).
    case name(String)
    package var description: String {
      switch self {
      case .address(let address): address.bracketed
      case .name(let name): name
      }
    }
  }
  package var name: String
  package var host: Host
  package var port: Int
  /// The region that answers there, if it is one of the file's.
  package var region: RegionID?
}

extension Topology {
  private var haproxy: HAProxy? {
    if case .haproxy(let haproxy) = balancer { haproxy } else { nil }
  }

  /// Where HAProxy answers clients.
  package func haproxyPort() -> Derived<Int> { Derived(haproxy?.port, else: 80, because: "a URL without a port means 80, which MAAS leaves free") }

  /// Where HAProxy answers clients with TLS; only in use with `maas.tls`.
  package func haproxyTLSPort() -> Derived<Int> { Derived(haproxy?.tlsPort, else: 443, because: "an https URL without a port means 443") }

  /// Where the regions answer with TLS; only in use with `maas.tls`.
  package func tlsPort() -> Derived<Int> { Derived(maas.tls?.port, else: Endpoints.tls, because: "the default of maas config-tls") }

  package func haproxyBalance() -> Derived<HAProxy.Balance> {
    Derived(haproxy?.balance, else: .source, because: "a client stays with one region, which its web socket and its session need")
  }

  package func haproxyTimeout(_ name: HAProxy.Timeout.Name) -> Derived<Duration> {
    if let given = haproxy?.timeouts.first(where: { $0.name.value == name }) { return Derived(given: given.value) }
    return switch name {
    case .client, .server, .tunnel: Derived(.seconds(900), because: "as long as MAAS' own nginx waits: image uploads and web sockets are slow")
    case .connect: Derived(.seconds(5), because: "a region on the same network answers at once or not at all")
    case .queue: Derived(.seconds(60), because: "longer than the restart of a region")
    case .check: Derived(.seconds(1), because: "a hung region is taken out after two missed checks")
    }
  }

  /// TCP ports that reach the regions under the same number, ascending.
  package func haproxyPassthrough() -> Derived<[Int]> {
    if let given = haproxy?.passthrough { return Derived(given: Located(given.value.map(\.value), at: given.span)) }
    let version = servedVersion
    let agent = Endpoints.agentPorts(version)
    guard maas.tls != nil else {
      return Derived(agent, because: agent.isEmpty ? "MAAS \(version.line) has no agent" : "what the agents of MAAS \(version.line) dial")
    }
    return Derived(
      (agent + [tlsPort().value]).sorted(), because: "what the agents of MAAS \(version.line) dial, and the TLS port, which MAAS redirects to")
  }

  /// The servers of the API's back end.
  package func haproxyBackends() -> Derived<[BackendServer]> {
    guard let given = haproxy?.backends else {
      return Derived(regions.map { server(of: $0) }, because: "every region")
    }
    let servers = given.map { server($0) }
    guard let first = given.first, let last = given.last else { return Derived(servers, because: "none is given") }
    return Derived(given: Located(servers, at: first.name.span.union(last.address.span)))
  }

  /// How many connections HAProxy lets through to the primary.
  package func haproxyDatabaseMaxconn() -> Derived<Int> {
    Derived(haproxy?.databaseMaxconn, else: maxConnections().value, because: "PostgreSQL's max_connections: fewer would make regions wait")
  }

  /// How long a silent database connection may live.
  package func haproxyDatabaseTimeout() -> Derived<Duration> {
    Derived(
      haproxy?.databaseTimeout, else: .hours(24), because: "MAAS' LISTEN connection may be silent for hours, and its locks die with their connection")
  }

  private func server(of region: Region) -> BackendServer {
    let host = self[region.host.value]
    return BackendServer(name: host.name.value.short, host: .address(host.address.value), port: Endpoints.api, region: region.id)
  }

  private func server(_ backend: HAProxy.Backend) -> BackendServer {
    let written = backend.address.value
    let address = hosts.first { $0.name.value.description == written.host }?.address.value ?? IPAddress(written.host)
    let region = regions.first { region in self[region.host.value].placedAddresses.contains { $0.address == address } }
    return BackendServer(
      name: backend.name.value, host: address.map { .address($0) } ?? .name(written.host), port: written.port, region: region?.id)
  }
}
