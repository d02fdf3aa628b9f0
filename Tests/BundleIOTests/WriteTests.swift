import BundleIO
import Foundation
import Glibc
import Testing

@Suite struct WriteTests {
  let scratch: Scratch
  let first = image(["README.md": "one\n", "hosts/a/files/etc/x": "x\n", "hosts/a/steps/go.sh": "true\n", "hosts/b/verify.sh": "true\n"])
  let second = image(["README.md": "two\n", "hosts/a/files/etc/x": "x\n", "hosts/c/verify.sh": "true\n"])

  init() throws { scratch = try Scratch() }

  @Test func aFreshBundleHoldsEveryFileAndItsSums() throws {
    try write(first, to: scratch.bundle)
    #expect(scratch.files.map { $0.replacing("bundle/", with: "") } == first.files.map(\.path))
    let sums = try scratch.text("bundle/SHA256SUMS")
    #expect(sums.contains("2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  README.md\n"))
    #expect(sums.split(separator: "\n").count == first.files.count - 1)
    #expect(try scratch.text("bundle/manifest.json").contains("\"file\": \"test.topology.yaml\""))
  }

  @Test func modesDoNotDependOnTheUmask() throws {
    let old = umask(0o077)
    defer { umask(old) }
    try write(first, to: scratch.bundle)
    #expect(try scratch.mode("bundle/README.md") == 0o644)
    #expect(try scratch.mode("bundle/hosts/a/steps/go.sh") == 0o755)
    #expect(try scratch.mode("bundle/hosts") == 0o755)
    #expect(try scratch.mode("bundle") == 0o755)
  }

  @Test func aSecondCompileReplacesFilesAndRemovesOrphans() throws {
    try write(first, to: scratch.bundle)
    let comparison = try write(second, to: scratch.bundle)
    #expect(comparison.orphaned == ["hosts/a/steps/go.sh", "hosts/b/verify.sh"])
    #expect(comparison.missing == ["hosts/c/verify.sh"])
    #expect(comparison.modified == ["README.md", "SHA256SUMS", "manifest.json"])
    #expect(scratch.files.map { $0.replacing("bundle/", with: "") } == second.files.map(\.path))
  }

  @Test func aBundleThatIsCurrentIsNotTouched() throws {
    try write(first, to: scratch.bundle)
    let before = try FileManager.default.attributesOfItem(atPath: scratch.bundle)[.systemFileNumber] as? Int
    #expect(try write(first, to: scratch.bundle).isClean)
    #expect(try FileManager.default.attributesOfItem(atPath: scratch.bundle)[.systemFileNumber] as? Int == before)
  }

  @Test func theDirectoriesAboveAreMade() throws {
    try write(first, to: scratch.path + "/deep/er/bundle")
    #expect(try scratch.text("deep/er/bundle/README.md") == "one\n")
  }

  @Test func anEmptyDirectoryIsTaken() throws {
    try FileManager.default.createDirectory(atPath: scratch.bundle, withIntermediateDirectories: false)
    try write(first, to: scratch.bundle)
    #expect(try scratch.text("bundle/README.md") == "one\n")
  }

  @Test(arguments: [".", "..", "/"]) func directoriesWithoutANameAreRefusedUnlessTheyAreBundles(path: String) throws {
    let result = failure { () throws(BundleFailure) in try write(first, to: path == "/" ? "/" : scratch.path + "/" + path) }
    #expect(result != nil || path == ".")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/../README.md"))
  }

  /// What a run leaves behind that was killed while it wrote, or after the exchange.
  @Test func leftOversOfAKilledRunAreRemoved() throws {
    try write(first, to: scratch.bundle)
    try scratch.put("half", at: ".bundle.maasc-new/hosts/a/files/etc/x")
    try scratch.put("other", at: ".bundle2.maasc-new/x")
    try write(second, to: scratch.bundle)
    #expect(scratch.files.filter { !$0.hasPrefix("bundle/") } == [".bundle2.maasc-new/x"])
    #expect(try compare(second, with: scratch.bundle).isClean)
  }
}
