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

  @Test func noSecretIsInIt() throws {
    for (path, text) in try files("split") { #expect(!text.contains("@maasc:"), "\(path)") }
  }
}
