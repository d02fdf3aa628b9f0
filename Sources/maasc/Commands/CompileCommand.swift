import ArgumentParser
import BundleIO
import Compiler
import Glibc

struct Compile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile a topology into a bundle: every host's files and the runbooks.",
    discussion: """
      The output directory is replaced as a whole or not at all. A directory that is no bundle, or holds a file that was edited by hand, is \
      left alone unless --force is given. Findings go to standard error.
      """)

  @Argument(help: "Topology file, or - for standard input.", completion: .file(extensions: ["yaml"]))
  var path: String?
  @Option(name: .shortAndLong, help: "Directory of the bundle.", completion: .directory)
  var output = "bundle"
  @Flag(help: "Write nothing; compare the directory with what would be written. Exit code 2 when they differ.")
  var check = false
  @Flag(help: "Overwrite files that were edited by hand, or a directory that is no bundle.")
  var force = false
  @OptionGroup var input: InputOptions
  @OptionGroup var findings: FindingsOptions

  func run() throws {
    let topology = try input.readOne(path)
    let compilation = try Self.compiled(topology)
    try findings.show(compilation.checked, to: STDERR_FILENO, isQuietWhenClean: true)
    guard let bundle = compilation.bundle else { throw ExitStatus.findings }
    let image = BundleImage(bundle, topology: topology)
    if check { return try compareBundle(image) }
    do {
      let change = try BundleIO.write(image, to: output, force: force)
      Console.output(summary(of: image, change))
    } catch {
      Console.error("\(error)")
      throw ExitStatus.cannotWrite
    }
  }

  /// An internal error is told as one, with the way to report it.
  static func compiled(_ topology: Input) throws -> Compilation {
    do {
      return try compile(topology)
    } catch {
      Console.error("internal error: the plan cannot be ordered (\(error)); this is a bug of maasc \(programVersion), please report it")
      throw ExitStatus.internalError
    }
  }

  private func compareBundle(_ image: BundleImage) throws {
    let comparison: Comparison
    do {
      comparison = try compare(image, with: output)
    } catch {
      Console.error("\(error)")
      throw ExitStatus.noInput
    }
    for (word, paths) in [("modified", comparison.modified), ("missing", comparison.missing), ("orphaned", comparison.orphaned)] {
      for path in paths { Console.output("\(word) \(output)/\(path)\n") }
    }
    if !comparison.isClean { throw ExitStatus.differences }
  }

  private func summary(of image: BundleImage, _ change: Comparison) -> String {
    let changed = change.modified.count + change.missing.count + change.orphaned.count
    return "\(output): \(image.files.count) files, \(changed == 0 ? "nothing changed" : "\(changed) changed")\n"
  }
}
