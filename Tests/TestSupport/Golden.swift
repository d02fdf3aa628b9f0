package import Foundation
package import Testing

/// The package's own folder, from the place of this file.
package var packageRoot: URL {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// Compares a text with a committed file; `UPDATE_GOLDEN=1` writes it instead.
package func expectGolden(_ text: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let url = packageRoot.appending(path: path)
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return
  }
  let committed = try? String(contentsOf: url, encoding: .utf8)
  guard committed != text else { return }
  let old = (committed ?? "").split(separator: "\n", omittingEmptySubsequences: false)
  let new = text.split(separator: "\n", omittingEmptySubsequences: false)
  let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
  Issue.record(
    "\(path) is out of date from line \(line + 1); look at the change, then run the tests with UPDATE_GOLDEN=1\n- \(line < old.count ? old[line] : "")\n+ \(line < new.count ? new[line] : "")",
    sourceLocation: sourceLocation)
}
