import Diagnostics
import NetworkTypes
import Testing
import Topology

@Suite struct DerivedEndpointTests {
  static let noVIP = "haproxy: {hosts: [infra-2]}"
  static let dualStack = """
    haproxy:
      hosts: [infra-1, infra-2]
      vips: [{address: "2001:db8::10/64", interface: eth0}, {address: 10.20.0.10/24, interface: eth0}]
    """

  @Test(arguments: [
    ("{version: \"3.7\", url: \"http://maas.example.net/MAAS\"}", "", "http://maas.example.net/MAAS"),
    ("{version: \"3.7\"}", "haproxy: {hosts: [infra-1], vips: [{address: 10.20.0.10/24, interface: eth0}]}", "http://10.20.0.10/MAAS"),
    (
      "{version: \"3.7\"}", "haproxy: {hosts: [infra-1], frontend: {port: 8080}, vips: [{address: 10.20.0.10/24, interface: eth0}]}",
      "http://10.20.0.10:8080/MAAS"
    ), ("{version: \"3.7\"}", "haproxy: {hosts: [infra-1], vips: [{address: \"2001:db8::10/64\", interface: eth0}]}", "http://[2001:db8::10]/MAAS"),
    ("{version: \"3.7\"}", dualStack, "http://10.20.0.10/MAAS"), ("{version: \"3.7\"}", noVIP, "http://10.20.0.12/MAAS"),
    ("{version: \"3.7\"}", "load_balancer: {external: {host: lb.example.net, ports: [80, 5242, 5271]}}", "http://lb.example.net/MAAS"),
    ("{version: \"3.7\"}", "load_balancer: {external: {host: 10.9.0.1, ports: [5240, 5242, 5271]}}", "http://10.9.0.1:5240/MAAS"),
    ("{version: \"3.7\"}", "", "http://10.20.0.11:5240/MAAS"),
  ])
  func maasURLIs(maas: String, balancer: String, url: String) throws {
    #expect(try sample(maas: maas, balancer: balancer).maasURL().value.description == url)
  }

  @Test(arguments: [
    ("{rack-1: {}}", ["http://10.20.0.10/MAAS", "http://10.20.0.11:5240/MAAS", "http://10.20.0.12:5240/MAAS", "http://10.20.0.13:5240/MAAS"]),
    ("{rack-1: {maas_url: [\"http://a/MAAS\", \"http://b/MAAS\"]}}", ["http://a/MAAS", "http://b/MAAS"]),
  ])
  func aRackTriesTheBalancedOneFirst(racks: String, urls: [String]) throws {
    let topology = try sample(racks: racks)
    #expect(topology.rackURLs(of: topology.racks[0]).value.map(\.description) == urls)
  }

  @Test func noURLStandsTwice() throws {
    let topology = try sample(regions: "{infra-1: {}}", balancer: "")
    #expect(topology.rackURLs(of: topology.racks[0]).value.map(\.description) == ["http://10.20.0.11:5240/MAAS"])
  }

  @Test(arguments: [("3.4", String?.none), ("3.5", "10.20.0.12"), ("3.7.2", "10.20.0.12")])
  func aRegionAdvertisesItsOwnAddress(version: String, address: String?) throws {
    let topology = try sample(maas: "{version: \"\(version)\"}")
    #expect(topology.broadcastAddress(of: topology.regions[1])?.value.description == address)
  }

  @Test func aGivenAddressIsTakenAsItIs() throws {
    let topology = try sample(regions: "{infra-1: {broadcast_address: 10.9.0.9}}")
    let address = topology.broadcastAddress(of: topology.regions[0])
    #expect(address?.value == IPAddress("10.9.0.9"))
    #expect(address?.span != nil)
  }

  @Test(arguments: [
    ("haproxy: {hosts: [infra-1, infra-2], vips: [{address: 10.20.0.10/24, interface: eth0}]}", "10.20.0.10", ["infra-1", "infra-2"]),
    (dualStack, "10.20.0.10", ["infra-1", "infra-2"]), (noVIP, "10.20.0.12", ["infra-2"]),
    ("", "10.20.0.21", ["infra-1", "infra-2", "infra-3"]),
    ("load_balancer: {external: {host: lb.example.net, ports: [80]}}", "10.20.0.21", ["infra-1", "infra-2", "infra-3"]),
  ])
  func theDatabaseIsReachedThrough(balancer: String, host: String, sources: [String]) throws {
    let topology = try sample(balancer: balancer)
    let endpoint = topology.databaseEndpoint().value
    #expect(endpoint.host.description == host)
    #expect(endpoint.port == 5432)
    #expect(topology.databaseSources(TopologyIndex(topology)).map { topology[$0].name.value.description } == sources)
  }

  @Test func anExternalDatabaseIsReachedDirectly() throws {
    let topology = try sample(postgresql: "{mode: external, external: {host: pg.example.net, port: 6432}, database: {password: db}}")
    #expect(
      try topology.databaseEndpoint().value
        == DatabaseEndpoint(host: .name(#require(HostName("pg.example.net"))), port: 6432, kind: .external))
    #expect(topology.databaseSources(TopologyIndex(topology)).count == 3)
  }
}
