import Diagnostics
import NetworkTypes
import Testing
import Topology

@Suite struct DerivedBalancerTests {
  @Test(arguments: [
    ("{version: \"3.4\"}", [Int]()), ("{version: \"3.5\"}", [5271]), ("{version: \"3.6\"}", [5242, 5271]),
    ("{version: \"3.7\", tls: {certificate: tls-cert, key: tls-key}}", [5242, 5271, 5443]),
    ("{version: \"3.4\", tls: {port: 8443, certificate: tls-cert, key: tls-key}}", [8443]),
  ])
  func portsPassedThrough(maas: String, ports: [Int]) throws { #expect(try sample(maas: maas).haproxyPassthrough().value == ports) }

  @Test func givenPortsAreTakenAsTheyAre() throws {
    let passthrough = try sample(balancer: "haproxy: {hosts: [infra-1], passthrough: [5271]}").haproxyPassthrough()
    #expect(passthrough.value == [5271])
    #expect(passthrough.span != nil)
  }

  @Test(arguments: [
    ("haproxy: {hosts: [infra-1]}", ["infra-1 10.20.0.11:5240", "infra-2 10.20.0.12:5240", "infra-3 10.20.0.13:5240"]),
    (
      "haproxy: {hosts: [infra-1], backends: {a: \"infra-2:5240\", b: \"localhost:5240\", c: \"10.20.0.13:5240\"}}",
      ["a 10.20.0.12:5240", "b localhost:5240", "c 10.20.0.13:5240"]
    ),
  ])
  func serversOfTheBackEnd(balancer: String, servers: [String]) throws {
    #expect(try sample(balancer: balancer).haproxyBackends().value.map { "\($0.name) \($0.host):\($0.port)" } == servers)
  }

  @Test func aServerKnowsItsRegion() throws {
    let topology = try sample(balancer: "haproxy: {hosts: [infra-1], backends: {a: \"10.20.0.12:5240\", b: \"10.20.0.99:5240\"}}")
    #expect(topology.haproxyBackends().value.map(\.region) == [topology.regions[1].id, nil])
  }

  @Test(arguments: [("", 350), ("database: {maxconn: 500}, ", 500)])
  func theProxyOfTheDatabaseTakes(key: String, maxconn: Int) throws {
    #expect(try sample(balancer: "haproxy: {\(key)hosts: [infra-1]}").haproxyDatabaseMaxconn().value == maxconn)
  }

  @Test func timeoutsOutlastMAASOwn() throws {
    let topology = try sample(balancer: "haproxy: {hosts: [infra-1], timeouts: {client: 60s}}")
    #expect(topology.haproxyTimeout(.client).value == .seconds(60))
    #expect(topology.haproxyTimeout(.server).value == .seconds(900))
    #expect(topology.haproxyDatabaseTimeout().value == .hours(24))
  }

  @Test func prioritiesAreDistinctAndFallInFileOrder() throws {
    let topology = try sample(balancer: "haproxy: {hosts: [infra-3, infra-1, infra-2], vips: [{address: 10.20.0.10/24, interface: eth0}]}")
    let order = [2, 0, 1].map { topology.regions[$0].host.value }
    #expect(order.map { topology.vrrpPriority(of: $0) } == [150, 149, 148])
  }

  @Test func derivedRouterNumbersAreStableAndDistinct() throws {
    let addresses = (1...200).map { "{address: 10.20.1.\($0)/24, interface: eth0}" }
    let topology = try sample(balancer: "haproxy: {hosts: [infra-1], vips: [\(addresses.joined(separator: ", "))]}")
    let turned = try sample(balancer: "haproxy: {hosts: [infra-1], vips: [\(addresses.reversed().joined(separator: ", "))]}")
    let numbers = try ids(topology)
    #expect(Set(numbers).count == 200)
    #expect(numbers.allSatisfy { (1...255).contains($0) })
    #expect(try ids(turned).reversed() == numbers)
  }

  /// Pinned: another number would move the address of a running pair.
  @Test(arguments: [("10.20.0.10", 5), ("10.20.0.11", 111)])
  func aRouterNumberNeverChanges(address: String, number: Int) throws {
    #expect(try ids(sample(balancer: "haproxy: {hosts: [infra-1], vips: [{address: \(address)/24, interface: eth0}]}")) == [number])
  }

  @Test func aDerivedNumberAvoidsAGivenOne() throws {
    let alone = try ids(sample())
    let vips = "{address: 10.20.0.10/24, interface: eth0}, {address: 10.20.0.9/24, interface: eth0, virtual_router_id: \(alone[0])}"
    #expect(try ids(sample(balancer: "haproxy: {hosts: [infra-1], vips: [\(vips)]}")) == [alone[0] % 255 + 1, alone[0]])
  }

  private func ids(_ topology: Topology) throws -> [Int] {
    guard case .haproxy(let haproxy) = topology.balancer else { return [] }
    return haproxy.vips.map { topology.virtualRouterID(of: $0).value }
  }
}
