import Foundation
import TestSupport

/// A directory of its own with the program on the path: what a user has before him.
struct Workspace {
  let root: URL

  static func with<Result>(_ files: [String: String] = [:], _ body: (Workspace) throws -> Result) throws -> Result {
    try withScratchDirectory { root in
      let workspace = Workspace(root: root)
      for (path, text) in files { try workspace.write(text, to: path) }
      return try body(workspace)
    }
  }

  func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

  func write(_ bytes: Data, to path: String) throws {
    let place = root.appending(path: path)
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: place)
  }

  func read(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }
  func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

  /// Runs maasc in the workspace.
  func maasc(_ words: String..., input: String = "", environment: [String: String] = [:]) throws -> ProgramResult {
    try maasc(words, input: Array(input.utf8), environment: environment)
  }

  func maasc(_ words: [String], input: [UInt8] = [], environment: [String: String] = [:]) throws -> ProgramResult {
    try run("/usr/bin/env", ["-C", root.path, Self.program.path] + words, input: input, environment: environment)
  }

  /// Runs a line of shell in the workspace; `maasc` is the program under test.
  func shell(_ line: String) throws -> ProgramResult {
    let path = Self.program.deletingLastPathComponent().path + ":/usr/sbin:/usr/bin:/sbin:/bin"
    return try run("/usr/bin/env", ["-C", root.path, "PATH=\(path)", "bash", "-c", line])
  }

  /// The program stands beside the tests that were built with it.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "maasc")
}
