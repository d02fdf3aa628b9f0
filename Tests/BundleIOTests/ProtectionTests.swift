import BundleIO
import Foundation
import Testing

/// Nothing of others is lost, and nothing is written elsewhere.
@Suite struct ProtectionTests {
  let scratch: Scratch
  let first = image(["README.md": "one\n", "hosts/a/files/etc/x": "x\n"])
  let second = image(["README.md": "two\n", "hosts/a/files/etc/y": "y\n"])

  init() throws { scratch = try Scratch() }

  @Test func aDirectoryThatIsNoBundleIsRefused() throws {
    try scratch.put("mine", at: "bundle/notes.txt")
    #expect(failure { () throws(BundleFailure) in try write(first, to: scratch.bundle) } == .notABundle(scratch.bundle))
    #expect(scratch.files == ["bundle/notes.txt"])
    try write(first, to: scratch.bundle, force: true)
    #expect(try scratch.text("bundle/notes.txt") == "mine")
    #expect(try scratch.text("bundle/README.md") == "one\n")
  }

  @Test func aFileInPlaceOfTheDirectoryIsRefused() throws {
    try scratch.put("mine", at: "bundle")
    #expect(failure { () throws(BundleFailure) in try write(first, to: scratch.bundle, force: true) } == .notABundle(scratch.bundle))
    #expect(try scratch.text("bundle") == "mine")
  }

  @Test(arguments: ["README.md", "hosts/a/files/etc/x", "manifest.json", "SHA256SUMS"]) func anEditedFileIsRefused(path: String) throws {
    try write(first, to: scratch.bundle)
    try scratch.put(try scratch.text("bundle/" + path).replacing("\n", with: "\n\n", maxReplacements: 1), at: "bundle/" + path)
    let result = failure { () throws(BundleFailure) in try write(second, to: scratch.bundle) }
    guard case .edited(_, let files) = result else {
      Issue.record("not refused: \(String(describing: result))")
      return
    }
    // Any change of the manifest makes the recorded sums wrong.
    #expect(files.contains(path) || path == "manifest.json" && files == ["SHA256SUMS"])
    #expect(try scratch.text("bundle/hosts/a/files/etc/x").hasPrefix("x\n"))
    try write(second, to: scratch.bundle, force: true)
    #expect(try compare(second, with: scratch.bundle).isClean)
  }

  @Test func aRemovedFileIsWrittenAgain() throws {
    try write(first, to: scratch.bundle)
    try FileManager.default.removeItem(atPath: scratch.bundle + "/README.md")
    try write(first, to: scratch.bundle)
    #expect(try scratch.text("bundle/README.md") == "one\n")
  }

  @Test func filesOfOthersStay() throws {
    try write(first, to: scratch.bundle)
    try scratch.put("mine", at: "bundle/hosts/a/notes.txt")
    try scratch.put("ref", at: "bundle/.git/HEAD")
    try FileManager.default.createDirectory(atPath: scratch.bundle + "/.git/refs", withIntermediateDirectories: false)
    try scratch.link("bundle/link", to: "/etc/passwd")
    try write(second, to: scratch.bundle)
    #expect(try scratch.text("bundle/hosts/a/notes.txt") == "mine")
    #expect(try scratch.text("bundle/.git/HEAD") == "ref")
    #expect(FileManager.default.fileExists(atPath: scratch.bundle + "/.git/refs"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.bundle + "/link") == "/etc/passwd")
    #expect(!FileManager.default.fileExists(atPath: scratch.bundle + "/hosts/a/files/etc/x"))
  }

  @Test func foldersThatHeldOnlyFilesOfOursGoWithThem() throws {
    try write(image(["a/b/c": "", "README.md": ""]), to: scratch.bundle)
    try write(image(["README.md": ""]), to: scratch.bundle)
    #expect(!FileManager.default.fileExists(atPath: scratch.bundle + "/a"))
  }

  @Test func aFileOfOthersInTheWayIsRefused() throws {
    try write(first, to: scratch.bundle)
    try scratch.put("mine", at: "bundle/hosts/a/files/etc/y")
    let result = failure { () throws(BundleFailure) in try write(second, to: scratch.bundle) }
    #expect(result == .edited(directory: scratch.bundle, files: ["hosts/a/files/etc/y"]))
    #expect(try scratch.text("bundle/hosts/a/files/etc/y") == "mine")
  }

  @Test func nothingIsFollowedOutOfTheDirectory() throws {
    try scratch.put("safe", at: "elsewhere/a/files/etc/y")
    try write(first, to: scratch.bundle)
    try FileManager.default.removeItem(atPath: scratch.bundle + "/hosts")
    try scratch.link("bundle/hosts", to: scratch.path + "/elsewhere")
    let result = failure { () throws(BundleFailure) in try write(second, to: scratch.bundle) }
    #expect(result == .symbolicLink(scratch.bundle + "/hosts/a/files/etc/y"))
    try write(second, to: scratch.bundle, force: true)
    #expect(try scratch.text("elsewhere/a/files/etc/y") == "safe")
    #expect(scratch.files.filter { $0.hasPrefix("elsewhere/") } == ["elsewhere/a/files/etc/y"])
    #expect(try compare(second, with: scratch.bundle).isClean)
  }

  @Test func aLinkInPlaceOfTheDirectoryIsRefused() throws {
    try FileManager.default.createDirectory(atPath: scratch.path + "/elsewhere", withIntermediateDirectories: false)
    try scratch.link("bundle", to: scratch.path + "/elsewhere")
    #expect(failure { () throws(BundleFailure) in try write(first, to: scratch.bundle, force: true) } == .symbolicLink(scratch.bundle))
    #expect(scratch.files == ["bundle"])
  }

  @Test(arguments: ["../x", "/etc/x", "a/../../x", "a//x", "./x", "a/\0x", ""]) func pathsThatLeaveTheBundleAreRefused(path: String) throws {
    #expect(failure { () throws(BundleFailure) in try write(image([path: "evil"]), to: scratch.bundle) } == .unsafePath(path))
    #expect(scratch.files.isEmpty)
  }
}
