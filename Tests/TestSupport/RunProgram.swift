package import Foundation

/// What came of running a program.
package struct ProgramResult: Sendable {
  package var status: Int32
  package var output: [UInt8]
  package var errors: String
  package var text: String { String(decoding: output, as: UTF8.self) }
  /// For the comment of an expectation.
  package var story: String { "exit \(status)\n\(text)\n\(errors)" }
}

/// A program that a test needs and the machine does not have.
package struct MissingProgram: Error, CustomStringConvertible {
  package var program: String
  package var package: String
  package var description: String { "\(program) is not installed; the test needs the package \(package) (apt-get install \(package))" }
}

/// Finds `program` on the path of a root shell; throws, with the package to install, where there is none.
package func find(_ program: String, package: String) throws -> String {
  for directory in ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] where access("\(directory)/\(program)", X_OK) == 0 { return "\(directory)/\(program)" }
  throw MissingProgram(program: program, package: package)
}

/// Runs a program to its end. Input and output go through files, so that no pipe can fill up.
package func run(_ path: String, _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]) throws -> ProgramResult {
  try withScratchDirectory { scratch in
    let files = ["in", "out", "err"].map { scratch.appending(path: $0) }
    try Data(input).write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": scratch.path].merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return ProgramResult(
      status: process.terminationStatus, output: Array(try Data(contentsOf: files[1])),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }
}

/// A directory of its own that is gone afterwards.
package func withScratchDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let directory = FileManager.default.temporaryDirectory.appending(path: "maasc-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try body(directory)
}
