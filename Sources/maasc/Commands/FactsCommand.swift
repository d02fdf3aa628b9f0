import ArgumentParser
import Emission
import MAASFacts

struct Facts: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print what a MAAS version reads, opens, needs and supports.")

  @Option(
    help: ArgumentHelp("One version, X.Y; default: all that maasc knows.", valueName: "X.Y"), completion: .list(FactTables.lines.map(\.description)))
  var maas: String?
  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    let report = FactsReport(try version())
    Console.output(json ? report.json : report.text)
  }

  private func version() throws -> MAASVersion? {
    guard let maas else { return nil }
    guard let version = MAASVersion(maas), FactTables.lines.contains(version.line) else {
      let known = FactTables.lines.map(\.description).joined(separator: ", ")
      throw ValidationError("'\(maas)' is no version that maasc knows; these are \(known)")
    }
    return version
  }
}
