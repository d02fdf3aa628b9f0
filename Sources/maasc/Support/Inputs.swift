import ArgumentParser
import BundleIO
import Compiler
import Glibc

/// Finds and reads topologies.
struct InputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Name for findings when the topology comes on standard input.", valueName: "path"))
  var stdinFilename = "topology.yaml"

  /// `-` is standard input; a directory stands for the topologies in it; nothing for the only one up to the root of the repository.
  func read(_ paths: [String]) throws -> [Input] {
    let paths = paths.isEmpty ? [try discover()] : try paths.flatMap(expand)
    return try Files.distinct(paths).map(read)
  }

  func readOne(_ path: String?) throws -> Input { try read(path.map { [$0] } ?? [])[0] }

  private func read(_ path: String) throws -> Input {
    do {
      return try readInput(path, stdinName: stdinFilename)
    } catch {
      Console.error("\(error)")
      throw ExitStatus.noInput
    }
  }

  private func expand(_ path: String) throws -> [String] {
    guard path != "-", Files.isDirectory(path) else { return [path] }
    let found = Files.topologies(below: path)
    if found.isEmpty {
      Console.error("no *.topology.yaml or topology.yaml below \(path)")
      throw ExitStatus.noInput
    }
    return found
  }

  private func discover() throws -> String {
    var directory = "."
    for _ in 0..<64 {
      let found = Files.topologies(in: directory)
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        Console.error("several topologies here, say which: \(found.joined(separator: ", "))")
        throw ExitStatus.usage
      }
      if Files.exists("\(directory)/.git") { break }
      let parent = directory == "." ? ".." : "../\(directory)"
      if Files.isSame(directory, parent) { break }
      directory = parent
    }
    Console.error("no topology given, and no *.topology.yaml or topology.yaml here or above")
    throw ExitStatus.noInput
  }
}

/// What the command line asks of the file system, beside reading and writing.
enum Files {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isSame(_ left: String, _ right: String) -> Bool {
    var a = stat()
    var b = stat()
    return stat(left, &a) == 0 && stat(right, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// Each file once, under its first name: it would clash with itself in rules that look across files.
  static func distinct(_ paths: [String]) -> [String] {
    var seen: Set<[UInt]> = []
    return paths.filter { path in
      var status = stat()
      return path == "-" || stat(path, &status) != 0 || seen.insert([UInt(status.st_dev), UInt(status.st_ino)]).inserted
    }
  }

  /// Sorted by name, so that a run does not depend on the file system's order.
  static func topologies(in directory: String) -> [String] {
    names(in: directory).filter(isTopology).map { directory == "." ? $0 : "\(directory)/\($0)" }
  }

  static func topologies(below directory: String) -> [String] {
    var found = names(in: directory).filter(isTopology).map { "\(directory)/\($0)" }
    for name in names(in: directory) where !name.hasPrefix(".") {
      let path = "\(directory)/\(name)"
      var status = stat()
      if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { found += topologies(below: path) }
    }
    return found
  }

  private static func isTopology(_ name: String) -> Bool { name == "topology.yaml" || name.hasSuffix(".topology.yaml") }

  private static func names(in directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
