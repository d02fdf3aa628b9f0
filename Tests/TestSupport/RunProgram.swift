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
  package init(program: String, package: String) {
    self.program = program
    self.package = package
  }
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
    let files = ["in", "out", "err"].map { scratch.appending(path: $0).path }
    try Data(input).write(to: URL(filePath: files[0]))
    let variables = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": scratch.path].merging(environment) { $1 }
    let status = try spawn([path] + arguments, variables.map { "\($0.key)=\($0.value)" }, files)
    return ProgramResult(
      status: status, output: Array(try Data(contentsOf: URL(filePath: files[1]))),
      errors: String(decoding: try Data(contentsOf: URL(filePath: files[2])), as: UTF8.self))
  }
}

/// Not Foundation's `Process`: it hands its thread's blocked signals on, and then nothing below it can be stopped.
private func spawn(_ words: [String], _ variables: [String], _ files: [String]) throws -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for (descriptor, file) in files.enumerated() {
    posix_spawn_file_actions_addopen(&actions, Int32(descriptor), file, descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  }
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var nothing = sigset_t()
  sigemptyset(&nothing)
  posix_spawnattr_setsigmask(&attributes, &nothing)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

  var (arguments, environment) = (words.map { strdup($0) } + [nil], variables.map { strdup($0) } + [nil])
  defer { for text in arguments + environment { free(text) } }
  var child: pid_t = 0
  let failure = posix_spawn(&child, words[0], &actions, &attributes, &arguments, &environment)
  guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
  var status: Int32 = 0
  while waitpid(child, &status, 0) == -1, errno == EINTR {}
  return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
}

/// A directory of its own that is gone afterwards.
package func withScratchDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let directory = FileManager.default.temporaryDirectory.appending(path: "maasc-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try body(directory)
}
