import Planning
import Testing

struct KeepalivedTests {
  private static let path = "/etc/keepalived/keepalived.conf"

  private func text(_ sample: PlanSample, on host: String) throws -> String { try #require(try sample.plan().file(Self.path, on: host)) }

  private func values(_ key: String, _ text: String) -> [String] {
    text.trimmedLines.filter { $0.hasPrefix("\(key) ") }.map { String($0.dropFirst(key.utf8.count + 1)) }
  }

  private let dual = """
    haproxy:
      hosts: [lb-1, lb-2]
      vips: [{address: 10.20.0.10/24, interface: eth0}, {address: "2001:db8::10/64", interface: eth0}]
    """

  @Test func peersMirrorEachOther() throws {
    let (one, two) = (try text(PlanSample(), on: "lb-1"), try text(PlanSample(), on: "lb-2"))
    #expect(values("virtual_router_id", one) == ["51"] && values("virtual_router_id", two) == ["51"])
    #expect(values("priority", one) == ["150"] && values("priority", two) == ["149"])
    #expect(values("unicast_src_ip", one) == ["10.20.0.11"] && one.contains("unicast_peer {\n        10.20.0.12\n"))
    #expect(values("unicast_src_ip", two) == ["10.20.0.12"] && two.contains("unicast_peer {\n        10.20.0.11\n"))
  }

  @Test func doesNotMoveTheAddressBackUnlessAsked() throws {
    #expect(try text(PlanSample(), on: "lb-1").trimmedLines.contains("nopreempt"))
    let eager = PlanSample(haproxy: "haproxy: {hosts: [lb-1, lb-2], vips: [{address: 10.20.0.10/24, interface: eth0}], vrrp: {preempt: true}}")
    #expect(try !text(eager, on: "lb-1").trimmedLines.contains("nopreempt"))
  }

  @Test func asksForTheRegionOnlyWhereOneIsOnTheHost() throws {
    let script = "/usr/local/lib/maasc/region-may-serve"
    #expect(try PlanSample().plan().file(script, on: "lb-1")?.contains("ports=(5240 5242 5271)") == true)
    #expect(try text(PlanSample(), on: "lb-1").contains(script))
    let apart = PlanSample(regions: "{region-1: {}, region-2: {}}")
    #expect(try apart.plan().file(script, on: "lb-1") == nil)
    #expect(try !text(apart, on: "lb-1").contains(script))
  }

  @Test func electsEachFamilyAmongItsOwnAddresses() throws {
    let topology = PlanSample(
      hosts: """
          x-1: {address: 10.20.0.41, interfaces: {eth0: {addresses: [10.20.0.41/24, "2001:db8::41/64"]}}}
          x-2: {address: 10.20.0.42, interfaces: {eth0: {addresses: [10.20.0.42/24, "2001:db8::42/64"]}}}
        """, haproxy: dual.replacing("[lb-1, lb-2]", with: "[x-1, x-2]"))
    let text = try text(topology, on: "x-1")
    #expect(values("unicast_src_ip", text) == ["10.20.0.41", "2001:db8::41"])
    #expect(!text.contains("virtual_ipaddress_excluded"))
  }

  @Test func anAddressWithoutPeersOfItsFamilyMovesAlong() throws {
    let text = try text(PlanSample(haproxy: dual), on: "lb-1")
    #expect(values("unicast_src_ip", text) == ["10.20.0.11"])
    #expect(text.contains("virtual_ipaddress_excluded {\n        2001:db8::10/64 dev eth0\n"))
  }

  @Test func hostsFollowEachOtherAndOneAsksAllAtTheEnd() throws {
    let plan = try PlanSample().plan()
    let second = try #require(plan.step("lb-2/balancer-keepalived"))
    #expect(second.after.contains(.step(StepID(host: "lb-1", phase: .balancer, name: "keepalived"))))
    let last = try #require(plan.step("lb-1/balancer-virtual-address"))
    #expect(last.after.contains(.step(second.id)))
  }
}
