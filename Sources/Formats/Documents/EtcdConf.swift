package import Diagnostics
package import NetworkTypes

/// /etc/default/etcd: the environment of the distribution's etcd-server unit.
package struct EtcdConf: ConfigDocument {
  package enum InitialState: String, Sendable { case new, existing }

  package struct Member: Sendable, Hashable {
    package var name: HostName
    package var address: IPAddress
    package var origin: Span?
    package init(_ name: HostName, _ address: IPAddress, origin: Span? = nil) {
      self.name = name
      self.address = address
      self.origin = origin
    }
  }

  package var member: Member
  package var members: [Member]
  /// Tells clusters apart that find each other by mistake.
  package var token: BareWord
  package var initialState: InitialState
  package var dataDirectory: BareWord
  package var clientPort: Int
  package var peerPort: Int
  package var origin: Span?

  package init(
    member: Member, members: [Member], token: BareWord, initialState: InitialState, dataDirectory: BareWord, clientPort: Int = 2379,
    peerPort: Int = 2380, origin: Span? = nil
  ) {
    self.member = member
    self.members = members
    self.token = token
    self.initialState = initialState
    self.dataDirectory = dataDirectory
    self.clientPort = clientPort
    self.peerPort = peerPort
    self.origin = origin
  }

  package func write(to writer: inout TextWriter) {
    writer.from(origin) { writer in
      for (name, value) in variables { writer.line("ETCD_\(name)=\"\(value)\"", origin: member.origin) }
      let cluster = members.map { "\($0.name)=\(url($0.address, peerPort))" }.joined(separator: ",")
      writer.line("ETCD_INITIAL_CLUSTER=\"\(cluster)\"")
      writer.line("ETCD_INITIAL_CLUSTER_STATE=\"\(initialState.rawValue)\"")
      writer.line("ETCD_INITIAL_CLUSTER_TOKEN=\"\(token)\"")
    }
  }

  /// Every value is of characters that the environment file takes as they are.
  private var variables: [(String, String)] {
    let loopback = IPAddress(.v4, 0x7F00_0001)
    return [
      ("NAME", member.name.description),
      ("DATA_DIR", dataDirectory.description),
      ("LISTEN_PEER_URLS", url(member.address, peerPort)),
      ("LISTEN_CLIENT_URLS", "\(url(member.address, clientPort)),\(url(loopback, clientPort))"),
      ("INITIAL_ADVERTISE_PEER_URLS", url(member.address, peerPort)),
      ("ADVERTISE_CLIENT_URLS", url(member.address, clientPort)),
      ("STRICT_RECONFIG_CHECK", "true"),
      ("LOGGER", "zap"),
    ]
  }

  private func url(_ address: IPAddress, _ port: Int) -> String { "http://\(address.bracketed):\(port)" }
}
