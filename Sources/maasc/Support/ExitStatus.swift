import ArgumentParser

/// The exit codes; each means one thing in every command.
enum ExitStatus {
  static let findings = ExitCode(1)
  static let differences = ExitCode(2)
  static let usage = ExitCode(64)
  static let noInput = ExitCode(66)
  static let internalError = ExitCode(70)
  static let cannotWrite = ExitCode(73)
}
