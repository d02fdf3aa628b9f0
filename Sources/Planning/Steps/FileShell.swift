import Formats

extension Shell {
  /// Fails at the first file that does not stand on the host as the bundle has it; one command a line, so that errexit sees each.
  static func areCurrent(_ files: [PlannedFile]) -> Shell {
    lines(files.map { "file_current \(words($0))" })
  }

  static func install(_ files: [PlannedFile]) -> Shell { lines(files.map { "install_file \(words($0))" }) }

  private static func words(_ file: PlannedFile) -> Shell {
    "\(file.path) \(file.owner) \(file.group) \(String(file.mode, radix: 8))"
  }
}
