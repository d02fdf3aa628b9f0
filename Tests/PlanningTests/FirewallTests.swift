import Formats
import Planning
import TestSupport
import Testing

struct FirewallTests {
  private static let path = "/etc/maasc/firewall.nft"
  private let managed = PlanSample(more: "firewall: {manage: nftables, management: [10.9.0.0/24], allow: [{from: [10.9.1.0/24], tcp: [9100]}]}")

  private func rules(_ sample: PlanSample, on host: String) throws -> [Substring] {
    try #require(try sample.plan().file(Self.path, on: host)).trimmedLines
  }

  private static let hosts = ["lb-1", "lb-2", "db-1", "db-2", "rack-1", "rack-2"]

  @Test(arguments: hosts)
  func nftTakesTheRulesOfEveryHost(host: String) throws {
    let text = try #require(try managed.plan().file(Self.path, on: host))
    let (unshare, nft) = (try find("unshare", package: "util-linux"), try find("nft", package: "nftables"))
    let result = try run(unshare, ["-rn", nft, "-c", "-f", "-"], input: Array(text.utf8))
    #expect(result.status == 0, "\(result.story)\n\(text)")
  }

  @Test(arguments: [
    ("true", "loaded"), ("nft add table inet other", "loaded"), ("nft insert rule inet maasc input tcp dport 8443 accept", "different"),
    ("nft flush table inet maasc", "different"), ("nft delete table inet maasc", "different"),
  ])
  func whatSomebodyChangedInTheKernelIsSeen(change: String, says: String) throws {
    let plan = try managed.plan()
    let text = try #require(try plan.file(Self.path, on: "lb-1"))
    let probe = try #require(try plan.host("lb-1").probes.first { $0.id == "firewall.rules" })
    let script = """
      set -eu
      FILES=$(mktemp -d)
      trap 'rm -rf "$FILES"' EXIT
      mkdir -p "$FILES/etc/maasc"
      cat >"$FILES\(Self.path)"
      nft -f "$FILES\(Self.path)"
      \(change)
      \(probe.command.code)
      """
    let (unshare, _) = (try find("unshare", package: "util-linux"), try find("nft", package: "nftables"))
    let result = try run(unshare, ["-rn", "bash", "-c", script], input: Array(text.utf8))
    #expect(result.status == 0 && result.text == "\(says)\n", "\(result.story)")
  }

  @Test(arguments: hosts)
  func operatorsComeInOnlyFromTheManagementNetworks(host: String) throws {
    let ssh = try rules(managed, on: host).filter { $0.contains("dport 22 ") }
    #expect(ssh.count == 1 && ssh[0].hasPrefix("ip saddr 10.9.0.0/24 tcp dport 22 accept"))
    #expect(try rules(managed, on: host).contains { $0.hasPrefix("ip saddr 10.9.1.0/24 tcp dport 9100 accept") })
  }

  @Test func advertisementsComeInOnlyFromPeers() throws {
    let vrrp = try rules(managed, on: "lb-1").filter { $0.contains("l4proto 112") }
    #expect(vrrp.count == 1 && vrrp[0].hasPrefix("ip saddr 10.20.0.12 meta l4proto 112 accept"))
    #expect(try rules(managed, on: "rack-1").allSatisfy { !$0.contains("l4proto 112") })
  }

  @Test func aClientWithoutAddressReachesDHCP() throws {
    #expect(try rules(managed, on: "rack-1").contains { $0.hasPrefix("udp dport 67 accept") })
    #expect(try rules(managed, on: "db-1").allSatisfy { !$0.contains("dport 67 ") })
  }

  @Test func ignoredInterfacesAreLeftAlone() throws {
    var sample = managed
    sample.hosts = "  x-1: {interfaces: {eth0: {addresses: [10.20.0.41/24]}, docker0: {addresses: [172.17.0.1/16], ignore: true}}}"
    sample.regions = "{lb-1: {}, lb-2: {}, x-1: {}}"
    #expect(try rules(sample, on: "x-1").contains { $0.hasPrefix("iifname \"docker0\" accept") })
  }

  @Test func otherTablesStay() throws {
    let text = try #require(try managed.plan().file(Self.path, on: "lb-1"))
    #expect(!text.contains("flush") && text.trimmedLines.count { $0.hasPrefix("delete ") } == 1)
    #expect(text.contains("delete table inet maasc"))
  }

  @Test func aHostOfVirtualMachinesAloneGetsNone() throws {
    var sample = managed
    sample.hosts = "  kvm-1: {address: 10.20.0.51}"
    sample.more += "\nvm_hosts: {kvm-1: {}}"
    #expect(try sample.plan().hosts.allSatisfy { $0.name != "kvm-1" })
  }

  @Test func onlyANewLoginKeepsTheRules() throws {
    let plan = try managed.plan()
    let keep = try #require(plan.step("lb-1/firewall-keep"))
    #expect(keep.needsNewLogin && keep.after == [.step(StepID(host: "lb-1", phase: .firewall, name: "load"))])
    let load = try #require(plan.step("lb-1/firewall-load"))
    #expect(!load.apply.code.contains("install_file"), "what is loaded at boot changes only when a login has proved the rules")
    #expect(try #require(plan.step("lb-2/firewall-load")).after.contains(.step(keep.id)))
  }

  @Test func withoutManagementThereAreNoRules() throws {
    #expect(try PlanSample().plan().file(Self.path, on: "lb-1") == nil)
  }
}
