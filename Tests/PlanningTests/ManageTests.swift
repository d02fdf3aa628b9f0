import Formats
import Planning
import Testing

/// What `manage` takes away from a plan.
struct ManageTests {
  private func sample(_ manage: String, region: String = "") -> PlanSample {
    var sample = PlanSample(
      regions: "{region-1: {}, region-2: {}}", more: "backup: {host: region-2}\nfirewall: {manage: nftables, management: [10.9.0.0/24]}")
    sample.more += "\nmanage: \(manage)"
    return sample
  }

  @Test func whatIsObservedIsOnlyLookedAt() throws {
    let plan = try sample("observe").plan()
    #expect(plan.steps.steps.map(\.id.description) == [])
    #expect(plan.hosts.flatMap(\.files).filter { $0.isInstalled && $0.policy != .preview }.map(\.path) == [])
    #expect(try plan.host("region-2").probes.contains { $0.id == "maas.regions" })
    #expect(try plan.file("/etc/systemd/system/maasc-backup.timer", on: "region-2") != nil)
  }

  @Test func whatIsNotManagedIsLeftAlone() throws {
    let plan = try sample("none").plan()
    #expect(plan.steps.steps.map(\.id.description) == [])
    #expect(plan.hosts.map(\.name) == [])
    #expect(plan.runbooks.map(\.name) == [])
  }

  /// A host's own word counts for everything on it, the backup too.
  @Test func aHostThatIsNotManagedIsInNoScript() throws {
    var sample = sample("full")
    sample.hosts = "  alien-7: {address: 10.20.0.15, manage: none}"
    sample.regions = "{region-1: {}, region-2: {}, alien-7: {}}"
    sample.more = sample.more.replacing("host: region-2", with: "host: alien-7")
    let plan = try sample.plan()
    #expect(!plan.hosts.contains { $0.name == "alien-7" })
    #expect(plan.steps.steps.map(\.id.description).filter { $0.hasPrefix("alien-7/") || $0.contains("/backup-") } == [])
    let scripts = plan.runbooks.map(\.body.code)
    #expect(!scripts.isEmpty && scripts.allSatisfy { !$0.contains("alien-7") })
  }

  /// The script needs what only a managed server has.
  @Test(arguments: [("full", true), ("observe", false), ("none", false)]) func theFailoverIsForServersOfOurs(level: String, isThere: Bool) throws {
    let plan = try sample("{postgresql: \(level)}").plan()
    #expect(plan.runbooks.map(\.name) == ["backup", "restore"] + (isThere ? ["failover-postgresql"] : []))
    let backup = try #require(plan.runbooks.first { $0.name == "backup" })
    #expect(backup.body.code.contains("db-1") == (level != "none"))
  }

  @Test(arguments: ["full", "observe", "{postgresql: observe, networks: none}", "{maas: observe}"]) func noSecretIsAskedForInVain(manage: String)
    throws
  {
    let plan = try sample(manage).plan()
    let used = Set(plan.steps.steps.flatMap(\.secrets))
    #expect(plan.secrets.map(\.name).filter { !used.contains($0) } == [])
  }

  /// Networks are changed through a region that others run: it is looked at before, and no machine may be deploying meanwhile.
  @Test func networksOfAnotherMAASAreChangedAfterALook() throws {
    var sample = sample("{default: observe, networks: full}")
    sample.maas = ", admin: {username: admin, email: a@example.net, password: one}"
    let plan = try sample.plan()
    let order = try plan.steps.ordered().map(\.id.description)
    let network = try #require(order.firstIndex { $0.contains("/networks-") })
    #expect(order[..<network].contains("region-1/preflight-identity") && order[..<network].contains("region-1/preflight-idle"))
    #expect(order.filter { $0.hasPrefix("region-2/") || $0.contains("/packages-") } == [])
    let step = try #require(plan.steps.steps.first { $0.phase == .networks })
    #expect(!step.after.isEmpty)
    #expect(plan.hosts.flatMap(\.packages) == [])
  }

  @Test func aHostThatOnlyKeepsBackupsIsLookedAtFirst() throws {
    var sample = sample("full")
    sample.hosts = "  store: {address: 10.20.0.15}"
    sample.more = "backup: {host: store}"
    let plan = try sample.plan()
    #expect(plan.step("store/preflight-surroundings") != nil && plan.step("store/packages-install") != nil)
  }
}
