import ArgumentParser
import Compiler
import Diagnostics
import Glibc

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check topologies, each and across them.",
    discussion: "Findings go to standard output. Directories stand for the *.topology.yaml and topology.yaml in them.")

  @Argument(help: "Topology files, directories, or - for standard input.", completion: .file(extensions: ["yaml"]))
  var paths: [String] = []
  @OptionGroup var input: InputOptions
  @OptionGroup var findings: FindingsOptions
  @Flag(help: "Apply the edits that are certain; comments and formatting stay.")
  var fix = false
  @Flag(help: "Print these edits as a patch instead; exit code 2 when there are any.")
  var diff = false
  @Option(
    help: ArgumentHelp("Leave out the findings listed in this file; entries that match nothing are findings.", valueName: "file"), completion: .file()
  )
  var baseline: String?
  @Option(
    help: ArgumentHelp("Write the present findings to this file, but those that would break the bundle.", valueName: "file"), completion: .file())
  var writeBaseline: String?

  func validate() throws {
    if fix, diff { throw ValidationError("--fix and --diff exclude each other") }
    if fix || diff, paths.contains("-"), fix { throw ValidationError("--fix cannot write standard input; use --diff") }
  }

  func run() throws {
    let inputs = try input.read(paths)
    if diff { return try printDiff(inputs) }
    let checked = fix ? try applyEdits(inputs) : check(inputs)
    if let writeBaseline {
      return try writeDown(checked, to: writeBaseline)
    }
    let (shown, known) = try withoutBaseline(checked)
    try findings.show(shown, files: inputs.count, baselined: known, to: STDOUT_FILENO)
  }

  private func writeDown(_ checked: Checked, to path: String) throws {
    let text = Baseline.text(of: checked.diagnostics, in: checked.sources, paths: WorkingDirectory.paths)
    try TextFile.write(text, to: path)
    let known = text.count { $0 == "\n" } - 1
    let others = checked.diagnostics.count { $0.suppression == nil } - known
    Console.output("\(path): \(known) known")
    Console.output(others == 0 ? "\n" : "; \(others) would break the bundle and cannot be accepted\n")
  }

  private func withoutBaseline(_ checked: Checked) throws -> (Checked, Int) {
    guard let baseline else { return (checked, 0) }
    var checked = checked
    var problems = Findings()
    let bytes = try input.read([baseline])[0].bytes
    let list = Baseline(checked.sources.add(path: baseline, bytes: bytes), &problems)
    let outcome = list.apply(to: checked.diagnostics, in: checked.sources, paths: WorkingDirectory.paths, isComplete: checked.isComplete)
    checked.diagnostics = outcome.diagnostics + problems.diagnostics
    return (checked, outcome.known)
  }

  /// Edits are applied until none is left: one edit may make room for another.
  private func applyEdits(_ inputs: [Input]) throws -> Checked {
    var inputs = inputs
    for _ in 0..<10 {
      let checked = check(inputs)
      let fixed = applyFixes(checked.diagnostics, in: checked.sources)
      if fixed.files.isEmpty { return checked }
      for file in fixed.files {
        inputs[file.file].bytes = file.new
        try TextFile.write(String(decoding: file.new, as: UTF8.self), to: file.path)
      }
    }
    return check(inputs)
  }

  private func printDiff(_ inputs: [Input]) throws {
    let checked = check(inputs)
    let fixed = applyFixes(checked.diagnostics, in: checked.sources)
    for file in fixed.files { Console.output(unifiedDiff(file, paths: WorkingDirectory.paths)) }
    if !fixed.files.isEmpty { throw ExitStatus.differences }
  }
}
