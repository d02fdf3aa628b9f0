import ArgumentParser
import Diagnostics
import Topology

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of the topology language, or its reference page.")

  enum Format: String, CaseIterable, ExpressibleByArgument { case json, markdown }

  @Option(help: "json: for editors; markdown: the reference page.")
  var format: Format = .json

  func run() {
    switch format {
    case .json: Console.output(topologyJSONSchema().text() + "\n")
    case .markdown: Console.output(topologyReferencePage())
    }
  }
}
