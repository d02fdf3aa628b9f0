import Formats
import Planning
import TestSupport
import Testing

struct HAProxyTests {
  private static let path = "/etc/haproxy/haproxy.cfg"
  private let tls = ", tls: {port: 5443, certificate: certificate, key: key}"

  private func binds(_ sample: PlanSample, on host: String) throws -> [String] {
    let text = try #require(try sample.plan().file(Self.path, on: host))
    return text.trimmedLines.filter { $0.hasPrefix("bind ") }.map { String($0.dropFirst(5)) }
  }

  @Test func leavesMAASPortsToARegionOnTheSameHost() throws {
    #expect(try binds(PlanSample(maas: tls), on: "lb-1") == ["*:80", "*:443", "10.20.0.10:5432 tcp-ut 30s"])
  }

  @Test func passesEveryPortOnADedicatedHost() throws {
    let sample = PlanSample(maas: tls, regions: "{region-1: {}, region-2: {}}")
    #expect(try binds(sample, on: "lb-1") == ["*:80", "*:5240", "*:443", "*:5443", "*:5242", "*:5271", "10.20.0.10:5432 tcp-ut 30s"])
  }

  @Test func bindsNothingOfTheAgentBeforeThereIsOne() throws {
    let sample = PlanSample(version: "3.4", regions: "{region-1: {}, region-2: {}}")
    #expect(try binds(sample, on: "lb-1") == ["*:80", "*:5240", "10.20.0.10:5432 tcp-ut 30s"])
  }

  @Test func namesEachRegionOnceInEachBackEnd() throws {
    let text = try #require(try PlanSample(maas: tls).plan().file(Self.path, on: "lb-1"))
    for target in ["10.20.0.11:5240", "10.20.0.12:5240", "10.20.0.11:5443", "10.20.0.12:5443"] {
      #expect(text.trimmedLines.count { $0.hasPrefix("server ") && $0.contains(" \(target) ") } == 1, "\(target)")
    }
  }

  @Test(arguments: [("lb-1", "10.20.0.11"), ("lb-2", "10.20.0.12")])
  func reachesTheDatabaseFromTheHostsOwnAddress(host: String, address: String) throws {
    let text = try #require(try PlanSample().plan().file(Self.path, on: host))
    #expect(text.contains("server db-1 10.20.0.21:5432 source \(address) check port 23267"))
  }

  @Test func hasNoDatabaseFrontEndForSomebodyElsesServer() throws {
    let external = "{version: 16, mode: external, external: {host: 10.9.9.9}, database: {password: one}}"
    #expect(try binds(PlanSample(postgresql: external), on: "lb-1") == ["*:80"])
  }

  @Test func bindsBothFamiliesWhereAVirtualAddressIsIPv6() throws {
    let haproxy = """
      haproxy:
        hosts: [lb-1, lb-2]
        vips: [{address: 10.20.0.10/24, interface: eth0}, {address: "2001:db8::10/64", interface: eth0}]
      """
    #expect(try binds(PlanSample(haproxy: haproxy), on: "lb-1").first == "[::]:80 v4v6")
  }

  /// The running worker is asked for the name that the file gives it.
  @Test func namesItsConfigurationByItsContent() throws {
    let names = try [PlanSample(), PlanSample(version: "3.6"), PlanSample(maas: tls)].map { sample -> String in
      let plan = try sample.plan()
      let text = try #require(try plan.file(Self.path, on: "lb-1"))
      let name = try #require(text.trimmedLines.first { $0.hasPrefix("description ") }?.dropFirst("description ".count))
      let probe = try #require(try plan.host("lb-1").probes.first { $0.id == "haproxy.configuration" })
      #expect(probe.expected == .equals(String(name)))
      return String(name)
    }
    #expect(names[0] == names[1] && names[0] != names[2])
  }

  /// HAProxy marks a server whose next check has begun; one that was not checked yet counts as up, and one that failed once too.
  @Test(arguments: [
    ("UP", "L7OK", "1"), ("UP", "* L7OK", "1"), ("UP", "INI", "0"), ("UP", "* INI", "0"), ("UP 1/2", "L7STS", "0"), ("DOWN", "* L7STS", "0"),
  ])
  func countsAPrimaryWhileItIsBeingChecked(status: String, check: String, count: String) throws {
    let probe = try #require(try PlanSample().plan().host("lb-1").probes.first { $0.id == "haproxy.primary" })
    let columns = String(repeating: ",", count: 16) + status + String(repeating: ",", count: 19) + check
    let socat = "socat() { printf '%s\\n' 'primary,db-1\(columns)' 'primary,BACKEND\(columns)' 'regions,lb-1\(columns)'; }\n"
    let result = try run(try find("bash", package: "bash"), ["-ec", socat + probe.command.code])
    #expect(result.text == "\(count)\n", "\(result.story)")
  }

  @Test func observedHAProxyIsOnlyLookedAt() throws {
    let plan = try PlanSample(more: "manage: {haproxy: observe, keepalived: observe}").plan()
    let files = try plan.host("lb-1").files.filter { $0.keyPath.hasPrefix("haproxy") }
    #expect(!files.isEmpty && files.allSatisfy { !$0.isInstalled })
    let changes: Set = ["haproxy", "keepalived", "virtual-address", "sysctl"]
    #expect(plan.steps.steps.allSatisfy { !changes.contains($0.name) })
    #expect(try plan.host("lb-1").probes.contains { $0.id == "haproxy.api" })
  }

  @Test func unmanagedHAProxyLeavesNothing() throws {
    let plan = try PlanSample(more: "manage: {haproxy: none, keepalived: none}").plan()
    #expect(try plan.host("lb-1").files.allSatisfy { !$0.keyPath.hasPrefix("haproxy") })
  }

  /// HAProxy cannot start on the host that waits unless the kernel lets it bind the address.
  @Test func kernelSettingComesBeforeHAProxy() throws {
    let steps = try PlanSample().plan().steps.ordered().map(\.id.description)
    #expect(try #require(steps.firstIndex(of: "lb-2/packages-sysctl")) < #require(steps.firstIndex(of: "lb-2/balancer-haproxy")))
  }
}
