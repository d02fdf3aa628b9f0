import CLinux
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
    return Input(path: stdinName, bytes: bytes) { readAttachment($0, beside: stdinName) }
  }
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw InputFailure(path: path, reason: systemReason()) }
  defer { close(file) }
  prepareMemory(for: file, limit: limit)
  guard let bytes = readAll(file, limit: limit + 1) else { throw InputFailure(path: path, reason: systemReason()) }
  return Input(path: path, bytes: bytes) { readAttachment($0, beside: path) }
}

/// Of a large file, that is: its tree and its model take about eight bytes for each of its own.
private func prepareMemory(for file: Int32, limit: Int) {
  var status = stat()
  guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 1 << 20 else { return }
  clinux_prepare_heap(8 * min(Int(status.st_size), limit))
}

/// A file that a topology names, which lies beside it. One that cannot be read has no bytes: a rule says so at the name.
private func readAttachment(_ path: String, beside topology: String) -> [UInt8] {
  let directory = topology.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  let file = open(directory.isEmpty ? path : "\(directory)/\(path)", O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return [] }
  defer { close(file) }
  return readAll(file, limit: 1 << 20) ?? []
}

private func systemReason() -> String { String(cString: strerror(errno)) }
