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

/// Reads the files that a topology names, which lie beside it. One that cannot be read is attached without bytes: a rule says so at the name.
package func attachFiles(to input: Input, limit: Int = 1 << 20) -> Input {
  var input = input
  let directory = input.path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  for path in attachmentPaths(of: input) {
    let file = open(directory.isEmpty ? path : "\(directory)/\(path)", O_RDONLY | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    input.attachments.append((path, file >= 0 ? readAll(file, limit: limit) ?? [] : []))
  }
  return input
}

private func systemReason() -> String { String(cString: strerror(errno)) }
