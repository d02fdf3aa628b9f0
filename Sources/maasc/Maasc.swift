import ArgumentParser
import Diagnostics

/// The version of this program; never written into a bundle.
let programVersion = "0.1.0"

@main
struct Maasc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maasc",
    abstract: "The topology compiler for highly available MAAS.",
    discussion: """
      One YAML file describes an installation: regions, racks, PostgreSQL, VLANs, the load balancer. maasc checks it and compiles it into every \
      host's configuration files and ordered runbooks. It never touches the network.

      Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 differences (compile --check, check --diff); 64 usage; 66 no readable input; \
      70 internal error; 73 cannot write; 130 interrupted.
      """,
    version: programVersion,
    subcommands: [Check.self, Compile.self, Explain.self, Rules.self, Facts.self, Init.self, Schema.self, Completion.self])

  /// A word that is no command gets the nearest one; everything else is ArgumentParser's.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let word = arguments.first, !word.hasPrefix("-"), word != "help" {
      let known = configuration.subcommands.map { $0._commandName }
      if !known.contains(word) {
        let near = nearest(to: word, in: known).map { "; a command with a similar name exists: \($0)" } ?? ""
        Console.error("unknown command '\(word)'\(near)\ncommands: \(known.joined(separator: ", "))")
        Maasc.exit(withError: ExitStatus.usage)
      }
    }
    main(arguments)
  }
}
