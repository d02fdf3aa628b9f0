/// Ports of a region that racks, agents and clients reach through the load balancer.
package enum Endpoints {
  package struct Endpoint: Sendable {
    package let port: Int
    package let what: String
    package let lifespan: Lifespan
    package let source: String
  }

  /// API, UI and metadata over plain HTTP.
  package static let api = 5240
  /// Where `maas config-tls enable` listens when nobody says otherwise.
  package static let tls = 5443

  /// What a rack's agent dials at the first `maas_url` beside the API, and so must reach a region as raw TCP: it knows no second address.
  package static let agent: [Endpoint] = [
    Endpoint(
      port: 5242, what: "internal API, mutual TLS", lifespan: .since(3, 6), source: "MAAS source, src/maasagent/cmd/maas-agent/main.go"),
    Endpoint(port: 5271, what: "Temporal", lifespan: .since(3, 5), source: "MAAS source, src/maasagent/cmd/maas-agent/main.go"),
  ]

  package static func agentPorts(_ version: MAASVersion) -> [Int] { agent.filter { $0.lifespan.contains(version) }.map(\.port) }
}
