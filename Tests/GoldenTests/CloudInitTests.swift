import Emission
import Testing

/// What prepares a fresh machine.
@Suite struct CloudInitTests {
  private func files(_ name: String, _ old: String = "\n", _ new: String = "\n") throws -> [String: String] {
    let text = try #require(ExampleFile.all.first { $0.name == name }).text()
    try #require(text.contains(old))
    let files = try bundle(text.replacing(old, with: new)).files.filter { $0.path.hasPrefix("cloud-init/") }
    return Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
  }

  @Test func aHostThatIsOnlyLookedAtHasNone() throws { #expect(try files("brownfield").keys.sorted() == []) }

  @Test func packagesOfOthersAreNotInstalled() throws {
    let files = try files("split", "\nfirewall: {manage: nftables", "\nmanage: {packages: observe}\nfirewall: {manage: nftables")
    #expect(files.count == 7 && files.values.allSatisfy { !$0.contains("\npackages:") && $0.contains("\nwrite_files:") })
  }

  /// Units and drop-ins that systemd has not read are not in force, also where no packet filter is managed.
  @Test func systemdReadsItsUnits() throws {
    for (path, text) in try files("split", "\nfirewall: {manage: nftables", "\nfirewall: {manage: none") where text.contains("/etc/systemd/system/") {
      #expect(text.contains("  - - \"systemctl\"\n    - \"daemon-reload\"\n"), "\(path)")
    }
  }

  /// A server does not start without postgresql.conf, which is no file of ours: the step makes it where cloud-init wrote ours first.
  @Test func postgreSQLsConfigurationIsWhole() throws {
    let text = try #require(ExampleFile.all.first { $0.name == "three-node" }).text()
    let step = try #require(try bundle(text).files.first { $0.path == "hosts/maas-2/steps/database-postgresql-configure.sh" }).text
    let check = try #require(step.split(separator: "\napply() {").first)
    #expect(check.contains("[[ -e /etc/postgresql/16/main/postgresql.conf && -e /etc/postgresql/16/main/pg_ident.conf ]]"))
  }

  @Test func noSecretIsInIt() throws {
    for (path, text) in try files("split") { #expect(!text.contains("@maasc:"), "\(path)") }
  }
}
