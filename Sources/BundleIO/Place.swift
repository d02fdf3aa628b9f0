import Glibc

/// Where a bundle goes: a name in a directory.
struct Place {
  var parent: String
  var name: String

  static func of(_ path: String) throws(BundleFailure) -> Place {
    var parts = path.split(separator: "/").map(String.init)
    var isAbsolute = path.hasPrefix("/")
    if parts.isEmpty || parts.last == "." || parts.last == ".." {
      guard let resolved = realpath(path.isEmpty ? "." : path, nil) else {
        throw .system(path: path, reason: String(cString: strerror(errno)))
      }
      defer { free(resolved) }
      parts = String(cString: resolved).split(separator: "/").map(String.init)
      isAbsolute = true
    }
    guard let name = parts.popLast() else { throw .notABundle("/") }
    let parent = parts.joined(separator: "/")
    return Place(parent: isAbsolute ? "/" + parent : parent.isEmpty ? "." : parent, name: name)
  }

  /// Nil when the directory above is not there.
  func openParent() throws(BundleFailure) -> Directory? {
    if access(parent, F_OK) != 0, errno == ENOENT { return nil }
    return try Directory(atPath: parent)
  }

  /// Makes the directories above where they are missing.
  func makeParent() throws(BundleFailure) -> Directory {
    var path = parent.hasPrefix("/") ? "/" : ""
    for part in parent.split(separator: "/") {
      path += part + "/"
      if mkdir(path, 0o777) != 0, errno != EEXIST { throw .system(path: path, reason: String(cString: strerror(errno))) }
    }
    return try Directory(atPath: parent)
  }
}
