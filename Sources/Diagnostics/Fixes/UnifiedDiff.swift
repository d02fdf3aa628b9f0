/// The edits of a file as a patch that `git apply` takes; empty where they change nothing.
package func unifiedDiff(_ fixed: FixedFile, paths: RelativePaths) -> String {
  let lines = GitLines(fixed.old)
  let changes = LineChange.all(of: fixed, lines)
  guard !changes.isEmpty else { return "" }
  let path = paths.path(fixed.path)
  var patch = Patch(lines: lines)
  patch.write(changes)
  return "--- \(gitName("a/\(path)"))\n+++ \(gitName("b/\(path)"))\n" + String(decoding: patch.bytes, as: UTF8.self)
}

/// git quotes a name with a quote, a backslash or a control character, and ends one with a space by a tab.
private func gitName(_ name: String) -> String {
  guard name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
    return name.contains(" ") ? "\(name)\t" : name
  }
  let quoted = name.utf8.reduce(into: [UInt8]()) { quoted, byte in
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): quoted += [UInt8(ascii: "\\"), byte]
    case ..<0x20, 0x7F: quoted += Array("\\".utf8) + Array(String(Int(byte) + 0o1000, radix: 8).dropFirst().utf8)
    default: quoted.append(byte)
    }
  }
  return "\"\(String(decoding: quoted, as: UTF8.self))\""
}

/// Writes hunks: changes with three lines around them, those that lie close together in one.
private struct Patch {
  let lines: GitLines
  private(set) var bytes: [UInt8] = []
  /// Lines that the hunks so far added, less those they took away.
  private var growth = 0
  private static let context = 3

  init(lines: GitLines) { self.lines = lines }

  mutating func write(_ changes: [LineChange]) {
    var index = 0
    while index < changes.count {
      var end = index + 1
      while end < changes.count, changes[end].old.lowerBound - changes[end - 1].old.upperBound <= 2 * Self.context { end += 1 }
      hunk(changes[index..<end], from: changes[index].old.lowerBound, to: changes[end - 1].old.upperBound)
      index = end
    }
  }

  private mutating func hunk(_ changes: ArraySlice<LineChange>, from first: Int, to last: Int) {
    let start = max(0, first - Self.context)
    let end = min(lines.count, last + Self.context)
    let grown = changes.reduce(0) { $0 + $1.new.count - $1.old.count }
    bytes += "@@ -\(Self.range(start, end - start)) +\(Self.range(start + growth, end - start + grown)) @@\n".utf8
    growth += grown
    var line = start
    for change in changes {
      unchanged(line..<change.old.lowerBound)
      for index in change.old { write("-", lines[index]) }
      for new in change.new { write("+", new) }
      line = change.old.upperBound
    }
    unchanged(line..<end)
  }

  private mutating func unchanged(_ range: Range<Int>) {
    for index in range { write(" ", lines[index]) }
  }

  private mutating func write(_ sign: String, _ line: ArraySlice<UInt8>) {
    bytes += sign.utf8
    bytes += line
    if line.last != 0x0A { bytes += "\n\\ No newline at end of file\n".utf8 }
  }

  /// An empty range is named by the line before it.
  private static func range(_ start: Int, _ count: Int) -> String { "\(count == 0 ? start : start + 1),\(count)" }
}
