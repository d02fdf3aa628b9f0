import BundleIO
import Compiler
import Emission
import Foundation

/// A directory of its own for one test, gone when the test ends.
final class Scratch {
  let path: String
  /// Where the test's bundle goes.
  var bundle: String { path + "/bundle" }

  init() throws {
    path = "/dev/shm/maasc-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Everything below the scratch directory but directories, sorted; links are shown as links.
  var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { isLink($0) || !isDirectory($0) }.sorted()
  }

  func put(_ text: String, at name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
  }

  func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self) }

  func mode(_ name: String) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int) ?? -1
  }

  private func isLink(_ name: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path + "/" + name)[.type] as? FileAttributeType) == .typeSymbolicLink
  }

  private func isDirectory(_ name: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isDirectory) && isDirectory.boolValue
  }
}

/// A bundle of these files; names that end in `.sh` can be executed.
func image(_ files: [String: String]) -> BundleImage {
  let outputs = files.map { OutputFile($0.key, $0.value, executable: $0.key.hasSuffix(".sh")) }
  return BundleImage(Emission.Bundle(name: "test", files: outputs), topology: Input(path: "test.topology.yaml", bytes: Array("schema: 1\n".utf8)))
}

/// The failure of a write, as the user reads it; nil when it succeeded.
func failure(_ body: () throws(BundleFailure) -> Void) -> BundleFailure? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}
