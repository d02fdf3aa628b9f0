import Diagnostics
import NetworkTypes
import Topology

extension RuleContext {
  /// The name of a host, as the file has it.
  func name(_ host: HostID) -> String { topology[host].name.value.description }

  /// Whether all that the file says about these hosts could be read.
  func areSound(_ hosts: some Sequence<HostID>) -> Bool { hosts.allSatisfy { topology.isSound(topology[$0].span) } }

  func labels(_ hosts: some Sequence<Located<HostID>>, _ text: String) -> [Label] { hosts.map { Label($0.span, text) } }

  /// `infra-1, infra-2 and infra-3`.
  func names(_ hosts: some Sequence<HostID>) -> String { hosts.map(name).listed }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`; after the fifth the rest is counted.
  var listed: String {
    if count > 5 { return prefix(4).joined(separator: ", ") + " and \(count - 4) more" }
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}

extension Int {
  /// `1 region`, `2 regions`.
  func counted(_ one: String, _ many: String? = nil) -> String { "\(self) \(self == 1 ? one : many ?? one + "s")" }
}

extension PostgreSQL {
  var replication: Replication? {
    switch deployment {
    case .streaming(let streaming): streaming.replication
    case .patroni(let patroni): patroni.replication
    case .external: nil
    }
  }
}

extension HTTPURL.Host {
  /// The host in a form that can be compared.
  var key: String { description.lowercased() }
  /// `localhost` or a loopback address.
  var isLocal: Bool {
    switch self {
    case .name(let name): name.lowercased() == "localhost" || name.lowercased().hasSuffix(".localhost")
    case .address(let address): address.family == .v4 ? address.value >> 24 == 127 : address.value == 1
    }
  }
}
