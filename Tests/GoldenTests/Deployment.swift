import BundleIO
import Compiler
import Emission
import Foundation
import Planning
import Testing

/// A bundle of steps made up for a test, and two hosts to deploy it on.
final class Deployment {
  let path = "/dev/shm/maasc-deploy-\(UUID().uuidString)"
  var plan: Plan

  struct Outcome {
    var status: Int32
    var output: String
  }

  /// Two hosts, `one` and `two`, without steps.
  init() throws {
    let text = try ExampleFile(name: "minimal").text()
      .replacing("maas-1: {address: 192.0.2.11}", with: "one: {address: 192.0.2.1}\n  two: {address: 192.0.2.2, ssh: {port: 2222}}")
      .replacing("regions:\n  maas-1:", with: "regions:\n  one:").replacing("racks:\n  maas-1:", with: "racks:\n  two:")
    let compilation = try compile(Input(path: "test.topology.yaml", bytes: Array(text.utf8)))
    let findings = lines(compilation.checked)
    plan = try #require(compilation.plan, "\(findings)")
    plan.steps = StepGraph()
    plan.secrets = []
    for host in plan.hosts.indices {
      plan.hosts[host].files = []
      plan.hosts[host].services = []
      plan.hosts[host].sockets = []
      plan.hosts[host].probes = []
    }
    try FileManager.default.createDirectory(atPath: path + "/hosts", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var bundle: String { path + "/bundle" }
  func text(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
  func put(_ text: String, at name: String) throws {
    let place = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: place)
  }

  /// Everything that any host or log holds, but the bundle's own files.
  var everything: [(name: String, text: String)] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.filter { !$0.contains("bundle") }.compactMap { name in text(name).map { (name, $0) } }
  }

  /// The login shell of the user that deploy.sh comes as.
  var loginShell = "sh"

  func start(_ arguments: [String], output: Pipe) throws -> Process {
    try write(BundleImage(try emit(plan), topology: Input(path: "test.topology.yaml", bytes: [])), to: bundle)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", bundle + "/runbook/deploy.sh"] + arguments
    let ssh = repository.appendingPathComponent("Tests/GoldenTests/Laboratory/ssh").path
    process.environment = ProcessInfo.processInfo.environment.merging([
      "MAASC_SSH": ssh, "MAASC_LOG": path + "/log", "MAASC_TEST_HOSTS": path + "/hosts", "MAASC_TEST_SHELL": loginShell, "MAASC_SETTLE": "0",
      "TEST_SECRET": "hunter2\"\\x",
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return process
  }

  func run(_ arguments: String...) throws -> Outcome { try run(with: arguments) }

  func run(with arguments: [String]) throws -> Outcome {
    let output = Pipe()
    let process = try start(arguments, output: output)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
  }
}
