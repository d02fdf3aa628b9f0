import ArgumentParser
import Glibc

/// When text is coloured.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument { case auto, always, never }

/// The streams of the process. A closed pipe ends the program quietly, as for every filter.
enum Console {
  static func output(_ text: String) { write(text, to: STDOUT_FILENO) }
  static func error(_ text: String) { write("maasc: \(text)\n", to: STDERR_FILENO) }
  /// Reports that belong on stderr, as they are.
  static func report(_ text: String) { write(text, to: STDERR_FILENO) }

  static func isColored(_ choice: ColorChoice, descriptor: Int32) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      guard isatty(descriptor) == 1, environment("NO_COLOR").isEmpty else { return false }
      return environment("TERM") != "dumb"
    }
  }

  /// Cells of a line of the terminal; nil where the stream is none, so that what goes into a pipe or file is the same everywhere.
  static func columns(_ descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    if let told = Int(environment("COLUMNS")), told > 0 { return told }
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  static func environment(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          Glibc.exit(errno == EPIPE ? 141 : ExitStatus.cannotWrite.rawValue)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }
}
