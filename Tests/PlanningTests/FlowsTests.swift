import Diagnostics
import NetworkTypes
import Planning
import Testing
import Topology

struct FlowsTests {
  private func services(_ sample: PlanSample, from: String, to: String) throws -> [Flow.Service] {
    let topology = try sample.topology()
    let ids = try [from, to].map { name in try #require(topology.hosts.first { $0.name.value.description == name }).id }
    return topology.flows(TopologyIndex(topology)).filter { $0.from == .host(ids[0]) && $0.to == .host(ids[1]) }.map(\.service)
  }

  private func tcp(_ first: Int, _ last: Int? = nil) -> Flow.Service { .tcp(PortRange(first, last ?? first)) }

  @Test(arguments: ["rack-1", "rack-2"], ["lb-1", "lb-2"])
  func everyRackReachesEveryRegionDirectly(rack: String, region: String) throws {
    #expect(try services(PlanSample(), from: rack, to: region).contains(tcp(5250, 5259)))
  }

  @Test(arguments: [("3.4", [] as [Int]), ("3.5", [5271]), ("3.6", [5242, 5271]), ("3.7", [5242, 5271])])
  func agentsReachTheFrontEndByVersion(version: String, ports: [Int]) throws {
    let open = try services(PlanSample(version: version), from: "rack-1", to: "lb-1")
    #expect([5242, 5271].filter { open.contains(tcp($0)) } == ports)
  }

  @Test(arguments: [("3.4", false), ("3.5", true)])
  func temporalIsOpenBetweenRegionsFrom35(version: String, isOpen: Bool) throws {
    let open = try services(PlanSample(version: version), from: "lb-1", to: "lb-2")
    #expect(open.contains(tcp(5272, 5274)) == isOpen)
    #expect(open.contains(tcp(5281, 5284)) == isOpen)
  }

  @Test func racksOfAPairShareLeasesInBothDirections() throws {
    #expect(try services(PlanSample(), from: "rack-1", to: "rack-2").contains(tcp(647)))
    #expect(try services(PlanSample(), from: "rack-2", to: "rack-1").contains(tcp(647)))
    #expect(try !services(PlanSample(), from: "lb-1", to: "rack-1").contains(tcp(647)))
  }

  @Test func balancersAskWhoIsPrimary() throws {
    let open = try services(PlanSample(), from: "lb-2", to: "db-1")
    #expect(open.contains(tcp(5432)) && open.contains(tcp(23267)))
  }

  /// Other teams' firewalls see the address that is dialled, not the host that holds it today.
  @Test(arguments: [
    ("clients", "lb-1", "80", "10.20.0.11 10.20.0.10"), ("rack-1", "lb-1", "5271", "10.20.0.11 10.20.0.10"),
    ("lb-2", "lb-1", "5432", "10.20.0.10"), ("lb-1", "db-1", "5432", "10.20.0.21"), ("f/boot", "rack-1", "69", "10.20.0.31 10.30.0.2"),
  ])
  func flowsEndAtTheAddressesThatAreDialled(from: String, to: String, port: String, addresses: String) throws {
    let flows = try PlanSample().plan().flows.filter { $0.from.name == from && $0.to.name == to && $0.ports == port }
    #expect(flows.map { $0.to.addresses.joined(separator: " ") } == [addresses])
  }

  @Test func aHostOfSeveralNetworksSendsFromAnyOfItsAddresses() throws {
    let flows = try PlanSample().plan().flows.filter { $0.from.name == "rack-1" }
    #expect(!flows.isEmpty && flows.allSatisfy { $0.from.addresses == ["10.20.0.31", "10.30.0.2"] })
  }

  /// Other programs of a holder may call from the virtual address; keepalived is told its own.
  @Test(arguments: [("vrrp", "10.20.0.12"), ("tcp", "10.20.0.12 10.20.0.10")])
  func balancersSendFromAnyAddressButAdvertiseFromTheirOwn(transport: String, addresses: String) throws {
    let flows = try PlanSample().plan().flows.filter { $0.from.name == "lb-2" && $0.to.name == "lb-1" && $0.transport == transport }
    #expect(!flows.isEmpty && flows.allSatisfy { $0.from.addresses.joined(separator: " ") == addresses })
  }

  @Test(arguments: [
    ("{lb-1: {}, lb-2: {}}", "", false), ("{region-1: {}, region-2: {}}", "", true),
    ("{lb-1: {}, lb-2: {}}", ", url: \"http://10.20.0.10:5240/MAAS\"", true),
  ])
  func clientsReach5240WhereItIsTheFrontEnd(regions: String, maas: String, isOpen: Bool) throws {
    let topology = try PlanSample(maas: maas, regions: regions).topology()
    let open = topology.flows(TopologyIndex(topology)).contains { $0.from == .outside("clients") && $0.service == tcp(5240) }
    #expect(open == isOpen)
  }

  @Test func noHostNeedsAFlowToItself() throws {
    let topology = try PlanSample().topology()
    let flows = topology.flows(TopologyIndex(topology))
    #expect(!flows.isEmpty && flows.allSatisfy { $0.from != $0.to })
    #expect(Set(flows.map { "\($0.from) \($0.to) \($0.service)" }).count == flows.count)
  }

  @Test(arguments: ["{lb-1: {}, lb-2: {}}", "{region-1: {}, region-2: {}}"], ["", ", tls: {certificate: certificate, key: key}"])
  func whatThePlannerChoosesNeverCollides(regions: String, tls: String) throws {
    let database =
      "{version: 16, mode: streaming, members: [lb-1, lb-2, region-1], database: {password: one}, replication: {password: two}}"
    let topology = try PlanSample(maas: tls, regions: regions, postgresql: database).topology()
    let index = TopologyIndex(topology)
    for host in topology.hosts {
      let sockets = topology.sockets(on: host.id, index)
      for (position, socket) in sockets.enumerated() {
        let other = sockets[(position + 1)...].first { $0.service != socket.service && $0.collides(with: socket) }
        #expect(other == nil, "\(host.name.value): \(socket.service) and \(other?.service ?? "") on \(socket.ports)")
      }
    }
  }
}
