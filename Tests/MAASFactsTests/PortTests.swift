import MAASFacts
import Testing

@Suite struct PortTests {
  @Test(arguments: [("3.4", [Int]()), ("3.5", [5271]), ("3.6", [5242, 5271]), ("3.7", [5242, 5271]), ("4.0", [5242, 5271])])
  func theAgentDials(version: String, ports: [Int]) throws {
    #expect(try Endpoints.agentPorts(#require(MAASVersion(version))) == ports)
  }

  @Test(arguments: [("3.4", 5242, false), ("3.5", 5242, false), ("3.6", 5242, true), ("3.4", 5271, false), ("3.5", 5283, true), ("3.4", 5250, true)])
  func aPortIsInUse(version: String, port: Int, used: Bool) throws {
    let version = try #require(MAASVersion(version))
    #expect(Ports.uses(version).contains { $0.ports.contains(port) } == used)
  }

  @Test func theRPCPortsAreAsManyAsTheWorkersThatGetOne() { #expect(Ports.rpc.count == Workers.most) }

  @Test(arguments: [
    ("3.6", "maas_proxy_port", 5239, ClosedRange<Int>?.none), ("3.6", "maas_proxy_port", 5240, 5240...5270),
    ("3.6", "maas_proxy_port", 5271, nil), ("3.7", "maas_proxy_port", 5239, 5239...5284), ("3.7", "maas_proxy_port", 5284, 5239...5284),
    ("3.7", "maas_proxy_port", 5285, nil), ("3.7", "maas_syslog_port", 5247, nil), ("3.7", "maas_proxy_port", 5247, 5239...5284),
    ("3.7", "maas_proxy_port", 1023, 0...1023), ("3.7", "maas_proxy_port", 8000, nil),
  ])
  func portsThatMAASRefuses(version: String, setting: String, port: Int, refusal: ClosedRange<Int>?) throws {
    #expect(try ReservedPorts(#require(MAASVersion(version))).refusal(of: port, setting: setting) == refusal)
  }
}
