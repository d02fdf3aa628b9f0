import BundleIO
import Foundation
import Testing

@Suite struct CompareTests {
  let scratch: Scratch
  let image = BundleIOTests.image(["README.md": "one\n", "deploy.sh": "true\n", "x/y": "z\n"])

  init() throws { scratch = try Scratch() }

  @Test func aBundleThatWasNeverWrittenMissesEverything() throws {
    #expect(try compare(image, with: scratch.path + "/no/where").missing == image.files.map(\.path))
  }

  @Test func modifiedMissingAndOrphanedFilesAreTold() throws {
    try write(image, to: scratch.bundle)
    #expect(try compare(image, with: scratch.bundle) == Comparison())
    try scratch.put("edited\n", at: "bundle/README.md")
    try FileManager.default.removeItem(atPath: scratch.bundle + "/x/y")
    #expect(try compare(image, with: scratch.bundle) == Comparison(modified: ["README.md"], missing: ["x/y"]))
    let other = BundleIOTests.image(["README.md": "edited\n", "x/y": "z\n"])
    let comparison = try compare(other, with: scratch.bundle)
    #expect(comparison.orphaned == ["deploy.sh"])
    #expect(comparison.missing == ["x/y"])
  }

  @Test func aScriptThatCannotBeExecutedIsModified() throws {
    try write(image, to: scratch.bundle)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: scratch.bundle + "/deploy.sh")
    #expect(try compare(image, with: scratch.bundle).modified == ["deploy.sh"])
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch.bundle + "/deploy.sh")
    #expect(try compare(image, with: scratch.bundle).isClean)
  }
}
