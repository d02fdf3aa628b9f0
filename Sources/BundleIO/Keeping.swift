import Glibc

extension Directory {
  /// Links everything that is not ours into a new tree, so that it is in both until the old one is removed. What stands where a file of ours
  /// goes is left behind.
  func keep(into new: borrowing Directory, below prefix: String = "", recorded: RecordedFiles?) throws(BundleFailure) {
    for name in try names() {
      let path = prefix + name
      if recorded?.digests[path] != nil { continue }
      guard case .directory(let mode)? = try kind(name) else {
        if try new.kind(name) == nil { try link(name, into: new) }
        continue
      }
      try keep(folder: name, mode, into: new, path, recorded)
    }
  }

  private func keep(
    folder name: String, _ mode: mode_t, into new: borrowing Directory, _ path: String, _ recorded: RecordedFiles?
  ) throws(BundleFailure) {
    let isThere: Bool
    switch try new.kind(name) {
    case nil: isThere = false
    case .directory: isThere = true
    default: return
    }
    let inner = isThere ? try new.directory(name) : try new.makeDirectory(name, mode: mode)
    try directory(name).keep(into: inner, below: path + "/", recorded: recorded)
    // A directory that was there only for files of ours goes with them.
    if !isThere, recorded?.folders.contains(path) == true, try inner.names().isEmpty { try new.removeTree(name) }
  }
}
