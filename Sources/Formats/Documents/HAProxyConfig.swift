package import Diagnostics
package import NetworkTypes

/// haproxy.cfg. Every word in it is of a type that needs no quotes: HAProxy would expand `$` in a word, and an unset variable would
/// silently become an empty address.
package struct HAProxyConfig: ConfigDocument {
  package var global: Global
  package var defaults: Defaults
  package var frontends: [Frontend]
  package var backends: [Backend]

  package init(global: Global = Global(), defaults: Defaults = Defaults(), frontends: [Frontend], backends: [Backend]) {
    self.global = global
    self.defaults = defaults
    self.frontends = frontends
    self.backends = backends
  }

  package enum Mode: String, Sendable { case http, tcp }

  /// `timeout client 900s`
  package struct Timeout: Sendable, Hashable {
    package enum Name: String, Sendable, CaseIterable { case connect, client, server, check, queue, tunnel }
    package var name: Name
    package var value: Duration
    package var origin: Span?
    package init(_ name: Name, _ value: Duration, origin: Span? = nil) {
      self.name = name
      self.value = value
      self.origin = origin
    }
  }

  /// Any other line of a section.
  package struct Directive: Sendable, Hashable {
    package var words: [HAProxyWord]
    package var origin: Span?
    package init(_ words: HAProxyWord..., origin: Span? = nil) {
      self.words = words
      self.origin = origin
    }
  }

  /// Lines from the topology, written as they are between two comments.
  package struct Verbatim: Sendable, Hashable {
    package var text: String
    /// `haproxy.extra.global`
    package var keyPath: LineText
    package var origin: Span?
    package init(_ text: String, keyPath: LineText, origin: Span? = nil) {
      self.text = text
      self.keyPath = keyPath
      self.origin = origin
    }
  }

  package struct Global: Sendable, Hashable {
    /// `log /dev/log local0`, `stats socket …`, `user haproxy` and so on.
    package var directives: [Directive]
    package var maxconn: Int?
    package var extra: Verbatim?
    package init(directives: [Directive] = [], maxconn: Int? = nil, extra: Verbatim? = nil) {
      self.directives = directives
      self.maxconn = maxconn
      self.extra = extra
    }
  }

  package struct Defaults: Sendable, Hashable {
    package var mode: Mode
    package var directives: [Directive]
    package var timeouts: [Timeout]
    package var extra: Verbatim?
    package init(mode: Mode = .http, directives: [Directive] = [], timeouts: [Timeout] = [], extra: Verbatim? = nil) {
      self.mode = mode
      self.directives = directives
      self.timeouts = timeouts
      self.extra = extra
    }
  }

  package struct Bind: Sendable, Hashable {
    package enum Address: Sendable, Hashable {
      /// `*`
      case everyIPv4
      /// IPv4 and IPv6 on one socket.
      case every
      case address(IPAddress)
    }
    package var address: Address
    package var port: Int
    /// How long a client may leave what was sent to it unacknowledged (`tcp-ut`).
    package var userTimeout: Duration?
    package var origin: Span?
    package init(_ address: Address, port: Int, userTimeout: Duration? = nil, origin: Span? = nil) {
      self.address = address
      self.port = port
      self.userTimeout = userTimeout
      self.origin = origin
    }
  }

  package struct Frontend: Sendable, Hashable {
    package var name: HAProxyName
    package var mode: Mode
    package var comment: LineText?
    package var binds: [Bind]
    /// Answers 200 by itself: says that this HAProxy is alive, nothing about servers.
    package var monitorURI: HAProxyWord?
    package var maxconn: Int?
    package var timeouts: [Timeout]
    package var directives: [Directive]
    package var defaultBackend: HAProxyName
    package var origin: Span?

    package init(
      _ name: HAProxyName, mode: Mode, comment: LineText? = nil, binds: [Bind], monitorURI: HAProxyWord? = nil, maxconn: Int? = nil,
      timeouts: [Timeout] = [], directives: [Directive] = [], defaultBackend: HAProxyName, origin: Span? = nil
    ) {
      self.name = name
      self.mode = mode
      self.comment = comment
      self.binds = binds
      self.monitorURI = monitorURI
      self.maxconn = maxconn
      self.timeouts = timeouts
      self.directives = directives
      self.defaultBackend = defaultBackend
      self.origin = origin
    }
  }

  package enum HealthCheck: Sendable, Hashable {
    /// A connection is enough.
    case connect
    /// `GET path` answered with `status`.
    case http(path: HAProxyWord, status: Int)
    /// The same by OPTIONS, to who answers that without a body: Patroni logs an error for each body that HAProxy does not wait for.
    case httpOptions(path: HAProxyWord, status: Int)
  }

  /// What all servers of a back end share.
  package struct ServerDefaults: Sendable, Hashable {
    package var interval: Duration
    package var fastInterval: Duration?
    package var downInterval: Duration?
    package var fall: Int
    package var rise: Int
    package var shutsDownSessions: Bool
    package init(
      interval: Duration, fastInterval: Duration? = nil, downInterval: Duration? = nil, fall: Int, rise: Int, shutsDownSessions: Bool = true
    ) {
      self.interval = interval
      self.fastInterval = fastInterval
      self.downInterval = downInterval
      self.fall = fall
      self.rise = rise
      self.shutsDownSessions = shutsDownSessions
    }
  }

  package struct Server: Sendable, Hashable {
    package enum Host: Sendable, Hashable {
      case address(IPAddress)
      /// Resolved when HAProxy starts; one that cannot be resolved then is down, and does not keep HAProxy from starting.
      case name(HostName)
    }
    package var name: HAProxyName
    package var host: Host
    package var port: Int
    /// Where the health check goes, if not to `port`.
    package var checkPort: Int?
    /// The address that connections to the server come from.
    package var source: IPAddress?
    package var maxconn: Int?
    package var isBackup: Bool
    package var origin: Span?

    package init(
      _ name: HAProxyName, host: Host, port: Int, checkPort: Int? = nil, source: IPAddress? = nil, maxconn: Int? = nil, isBackup: Bool = false,
      origin: Span? = nil
    ) {
      self.name = name
      self.host = host
      self.port = port
      self.checkPort = checkPort
      self.source = source
      self.maxconn = maxconn
      self.isBackup = isBackup
      self.origin = origin
    }
  }

  package struct Backend: Sendable, Hashable {
    package var name: HAProxyName
    package var mode: Mode
    package var comment: LineText?
    /// `source`, `roundrobin`, `hdr(host)`, …
    package var balance: HAProxyWord?
    /// Few clients move when a server comes or goes.
    package var hashesConsistently: Bool
    package var check: HealthCheck
    package var timeouts: [Timeout]
    package var directives: [Directive]
    package var serverDefaults: ServerDefaults?
    package var servers: [Server]
    package var origin: Span?

    package init(
      _ name: HAProxyName, mode: Mode, comment: LineText? = nil, balance: HAProxyWord? = nil, hashesConsistently: Bool = false,
      check: HealthCheck = .connect, timeouts: [Timeout] = [], directives: [Directive] = [], serverDefaults: ServerDefaults? = nil,
      servers: [Server], origin: Span? = nil
    ) {
      self.name = name
      self.mode = mode
      self.comment = comment
      self.balance = balance
      self.hashesConsistently = hashesConsistently
      self.check = check
      self.timeouts = timeouts
      self.directives = directives
      self.serverDefaults = serverDefaults
      self.servers = servers
      self.origin = origin
    }
  }
}

/// What HAProxy admits in the name of a section or server.
package enum HAProxyNameGrammar: TextGrammar {
  package static let maximumLength = 128
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "-_.:".unicodeScalars.contains(scalar)
  }
}
package typealias HAProxyName = RestrictedText<HAProxyNameGrammar>

/// A word that HAProxy takes as it stands: no blank, quote, backslash, `#` or `$`.
package enum HAProxyWordGrammar: TextGrammar {
  package static let maximumLength = 1024
  package static func admits(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar.isLetter || scalar.isDigit || "-_./:,+=%?&@*()[]{}<>!|~;^".unicodeScalars.contains(scalar)
  }
}
package typealias HAProxyWord = RestrictedText<HAProxyWordGrammar>
