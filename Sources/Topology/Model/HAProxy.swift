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
  package var passthrough: [Located<Int>]?
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

/// A length of time as HAProxy writes it, kept in milliseconds.
package struct Duration: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let milliseconds: Int
  package init(milliseconds: Int) { self.milliseconds = milliseconds }
  package static func seconds(_ count: Int) -> Duration { Duration(milliseconds: count * 1000) }
  package static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
  package static func < (left: Duration, right: Duration) -> Bool { left.milliseconds < right.milliseconds }
  /// The largest unit that loses nothing: `24h`, `900s`, `300ms`. Minutes are not used, since 900s is what people search for.
  package var description: String {
    if milliseconds % 3_600_000 == 0, milliseconds > 0 { return "\(milliseconds / 3_600_000)h" }
    if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)s" }
    return "\(milliseconds)ms"
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
