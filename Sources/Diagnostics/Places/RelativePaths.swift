/// Makes the paths that a user wrote relative to one directory, as reports and baselines need them, without asking the file system.
package struct RelativePaths: Hashable, Sendable {
  /// The directory (of the repository, as a rule) that is taken off the front of absolute paths; nil leaves these as they are.
  package var root: String?
  /// The working directory as seen from `root`, put in front of relative paths; empty where the two are one.
  package var directory: String

  package init(root: String? = nil, directory: String = "") {
    self.root = root
    self.directory = directory
  }

  package func path(_ written: String) -> String {
    guard written.hasPrefix("/") else { return Self.normalized(directory.isEmpty ? written : "\(directory)/\(written)") }
    let absolute = Self.normalized(written)
    guard let root = root.map(Self.normalized), absolute.hasPrefix("\(root)/") else { return absolute }
    return String(absolute.dropFirst(root.count + 1))
  }

  /// The path as a URI reference: relative where the path is, else with the scheme `file`.
  package func uri(_ written: String) -> String {
    let path = path(written)
    return (path.hasPrefix("/") ? "file://" : "") + Self.percentEncoded(path)
  }

  /// Without `.`, `//` and, where something stands before it, `..`.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  private static func percentEncoded(_ path: String) -> String {
    let plain = Array("-._~/!$&'()*+,=@".utf8)
    return path.utf8.reduce(into: "") { text, byte in
      let isLetterOrDigit = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      if isLetterOrDigit || plain.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
  }
}
