import BundleIO
import Compiler
import Emission
import Foundation
import Testing

/// A bundle depends on its topology and on nothing else.
@Suite struct DeterminismTests {
  @Test(arguments: ExampleFile.all) func theSameBytesTwice(example: ExampleFile) throws {
    let here = try bundle(try example.text(), path: example.path)
    let there = try bundle(try example.text(), path: "/somewhere/else/" + example.fileName)
    #expect(here.files == there.files)
  }

  @Test(arguments: ExampleFile.all) func pathsAreSortedUniqueAndHarmless(example: ExampleFile) throws {
    let paths = try bundle(try example.text()).files.map(\.path)
    #expect(paths == Array(Set(paths)).sorted())
    for path in paths {
      #expect(!path.hasPrefix("/") && !path.split(separator: "/", omittingEmptySubsequences: false).contains { ["", ".", ".."].contains($0) })
    }
  }

  @Test(arguments: ExampleFile.all) func theBundleHoldsNoFactOfThisMachine(example: ExampleFile) throws {
    let words = [repository.path, ProcessInfo.processInfo.hostName, FileManager.default.currentDirectoryPath]
    for file in try bundle(try example.text(), path: example.path).files {
      for word in words where word.count > 4 { #expect(!file.text.contains(word), "\(file.path) holds \(word)") }
    }
  }

  /// A change of one word in a topology is a small change of the bundle: only files that it concerns differ.
  @Test(arguments: [
    SmallChange("dns_servers: [10.20.0.10]", "dns_servers: [10.20.0.99]", touches: ["hosts/infra-1/"]),
    SmallChange("zone: row-c, cpus: 16", "zone: row-c, cpus: 12", touches: []),
    SmallChange("keep: 7", "keep: 8", touches: ["README.md", "hosts/infra-3/", "hosts/db-1/", "hosts/db-2/", "runbook/", "cloud-init/infra-3"]),
    SmallChange("10.50.0.200}", "10.50.0.210}", touches: ["hosts/infra-1/", "hosts/rack-a1/", "hosts/rack-a2/"]),
    SmallChange("virtual_router_id: 51", "virtual_router_id: 52", touches: ["hosts/infra-1/", "hosts/infra-2/", "cloud-init/infra-"]),
    SmallChange("ops@example.net", "other@example.net", touches: ["hosts/infra-1/steps/region-admin.sh"]),
    SmallChange("comment: infrastructure", "comment: ours", touches: ["hosts/infra-1/files/var/lib/maasc/networks/"]),
    SmallChange("vid: 110", "vid: 111", touches: ["hosts/infra-1/files/var/lib/maasc/"]),
    SmallChange(
      "infra-3: {num_workers: 4}", "infra-3: {num_workers: 5}", touches: ["hosts/infra-3/files/", "hosts/db-1/", "hosts/db-2/", "cloud-init/db-"]),
    SmallChange("/root/secrets/maas-database", "/root/other", touches: ["README.md", "ansible/inventory.yaml", "runbook/deploy.sh"]),
    SmallChange("mtu: 1500", "mtu: 1400", touches: ["hosts/infra-1/files/var/lib/maasc/networks/"]),
    SmallChange("gateway: 10.40.0.1", "gateway: 10.40.0.254", touches: ["hosts/infra-1/files/var/lib/maasc/networks/"]),
    SmallChange("user: replicator", "user: streamer", touches: ["hosts/db-1/", "hosts/db-2/", "cloud-init/db-", "runbook/failover-postgresql.sh"]),
    SmallChange("username: admin", "username: root", touches: ["hosts/infra-1/steps/", "README.md", "runbook/steps.json"]),
    SmallChange("upstream_dns: 10.20.0.1", "upstream_dns: 10.20.0.2", touches: ["hosts/infra-1/steps/networks-settings.sh"]),
    SmallChange(
      "management: [10.9.0.0/24]", "management: [10.8.0.0/24]", touches: ["hosts/", "cloud-init/", "report/flows.csv"]),
    SmallChange("MAAS_ADMIN_PASSWORD", "ADMIN_PASSWORD", touches: ["README.md", "ansible/inventory.yaml", "runbook/deploy.sh"]),
    SmallChange(
      "balance: source", "balance: leastconn", touches: ["hosts/infra-1/", "hosts/infra-2/", "cloud-init/infra-1", "cloud-init/infra-2"]),
  ])
  func aSmallChangeIsASmallDiff(change: SmallChange) throws {
    let example = try #require(ExampleFile.all.first { $0.name == "split" })
    let text = try example.text()
    try #require(text.contains(change.old))
    let before = try bundle(text).files
    let after = try bundle(text.replacing(change.old, with: change.new)).files
    #expect(before.map(\.path) == after.map(\.path))
    let changed = zip(before, after).filter { $0.text != $1.text }.map(\.0.path)
    #expect(changed.filter { path in !change.touches.contains { path.hasPrefix($0) } } == [])
    #expect(changed.isEmpty == change.touches.isEmpty)
  }
}

struct SmallChange: CustomTestStringConvertible, Sendable {
  var old: String
  var new: String
  var touches: [String]
  init(_ old: String, _ new: String, touches: [String]) {
    self.old = old
    self.new = new
    self.touches = touches
  }
  var testDescription: String { new }
}
