import BundleIO
import Compiler
import Diagnostics
import Foundation
import Testing
import Topology

/// The generated example: 5 regions, 200 racks, 400 VLANs.
@Suite struct LargeTests {
  @Test func theGeneratorIsAsItsChecksumSays() throws {
    let text = try run("examples/large.sh")
    let sum = String(try run("sha256sum", input: text).prefix(64))
    let recorded = try String(contentsOf: repository.appendingPathComponent("examples/large.sha256"), encoding: .utf8)
    #expect(recorded.hasPrefix(sum))
  }

  @Test func itIsCleanUnderAllRules() throws {
    let checked = check([Input(path: "large.topology.yaml", bytes: Array(try run("examples/large.sh").utf8))])
    #expect(lines(checked) == [])
    #expect(checked.topologies.first??.racks.count == 200)
    #expect(checked.topologies.first??.vlans.count == 400)
  }

  @Test func itsStepsWaitForFewThings() throws {
    let compilation = try compile(Input(path: "large.topology.yaml", bytes: Array(try run("examples/large.sh").utf8)))
    try expectFewPredecessors(try #require(compilation.plan))
  }

  private func run(_ program: String, input: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program]
    process.currentDirectoryURL = repository
    let (standardInput, output) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    try process.run()
    DispatchQueue.global().async {
      standardInput.fileHandleForWriting.write(Data(input.utf8))
      try? standardInput.fileHandleForWriting.close()
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
