package import Compiler
import Glibc

/// Why an input could not be read.
package struct InputFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package var path: String
  package var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package var description: String { "\(path): \(reason)" }
}

/// Reads a topology; `-` is standard input, which findings then call `stdinName`.
///
/// One byte more than the limit is read at most: it is enough for the reader of YAML to refuse the file.
package func readInput(_ path: String, stdinName: String = "<stdin>", limit: Int = 64 << 20) throws(InputFailure) -> Input {
  if path == "-" {
    guard let bytes = readAll(STDIN_FILENO, limit: limit + 1) else { throw InputFailure(path: stdinName, reason: systemReason()) }
    return Input(path: stdinName, bytes: bytes)
  }
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw InputFailure(path: path, reason: systemReason()) }
  defer { close(file) }
  guard let bytes = readAll(file, limit: limit + 1) else { throw InputFailure(path: path, reason: systemReason()) }
  return Input(path: path, bytes: bytes)
}

private func systemReason() -> String { String(cString: strerror(errno)) }
