import ArgumentParser
import BundleIO
import Compiler
import Diagnostics
import Emission

/// `bundle/hosts/infra-1/files/etc/haproxy/haproxy.cfg:14`: recompiles the topology that the bundle's manifest names and tells which of its
/// lines asked for this one.
struct BundleLine {
  private let directory: String
  /// Below the directory.
  private let file: String
  private let line: Int

  /// Nil when the text names no line of an existing file below a manifest.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]), line > 0 else { return nil }
    let path = String(text[..<colon])
    guard Files.exists(path) else { return nil }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    // The bundle's directory is the nearest one above that holds a manifest.
    let depths = stride(from: parts.count - 1, through: 0, by: -1)
    let candidates = depths.map { (directory: $0 == 0 ? "." : parts[..<$0].joined(separator: "/"), file: parts[$0...].joined(separator: "/")) }
    guard let bundle = candidates.first(where: { Files.exists("\($0.directory)/manifest.json") }) else { return nil }
    directory = bundle.directory
    file = bundle.file
    self.line = line
  }

  func explain(topology given: String?, _ input: InputOptions) throws {
    let recorded = try recordedTopology(input)
    let topology = try input.readOne(try given ?? find(recorded.name))
    if sha256(topology.bytes) != recorded.digest {
      Console.error("\(topology.path) has changed since this bundle was compiled; this is about the topology as it is now")
    }
    let compilation = try Compile.compiled(topology)
    guard let output = compilation.bundle?.files.first(where: { $0.path == file }) else {
      Console.error("\(topology.path) compiles to no file \(file)")
      throw ExitStatus.findings
    }
    try tell(output, SourcePlaces(compilation.checked.sources))
  }

  private func recordedTopology(_ input: InputOptions) throws -> (name: String, digest: String) {
    let manifest = try? JSON(parsing: input.readOne("\(directory)/manifest.json").bytes)
    guard let name = manifest?["topology"]?["file"]?.string, let digest = manifest?["topology"]?["sha256"]?.string else {
      Console.error("\(directory)/manifest.json is no manifest of maasc")
      throw ExitStatus.noInput
    }
    return (name, digest)
  }

  /// The manifest holds the file's name alone; it stands beside the bundle, or here.
  private func find(_ name: String) throws -> String {
    let above = Self.parent(of: directory)
    let beside = [above, Self.parent(of: above)].map { $0 == "." ? name : "\($0)/\(name)" } + [name]
    if let path = beside.first(where: Files.exists) { return path }
    Console.error("this bundle's topology \(name) is neither beside it nor here; say where it is with --topology")
    throw ExitStatus.noInput
  }

  private static func parent(of path: String) -> String {
    let last = path.split(separator: "/").last
    if last == nil || last == "." || last == ".." { return path + "/.." }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func tell(_ output: OutputFile, _ places: SourcePlaces) throws {
    let lines = output.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard line <= lines.count else {
      Console.error("\(file) has \(lines.count - 1) lines")
      throw ExitStatus.usage
    }
    Console.output("\(file):\(line)\n  \(lines[line - 1])\n")
    guard line <= output.origins.count, let span = output.origins[line - 1], let place = places.text(span) else {
      return Console.output("\nThis line is the same in every bundle; no key of the topology asks for it alone.\n")
    }
    Console.output("\nasked for by \(place)\n  \(places.lineText(span) ?? "")\n")
  }
}
