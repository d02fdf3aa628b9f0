import CLinux
import Glibc

/// An open directory. Everything below it is reached by names of one component and never through a symbolic link.
struct Directory: ~Copyable {
  let descriptor: Int32
  /// For messages only.
  let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens a directory by the path that the user gave; links on the way to it are the user's own.
  init(atPath path: String) throws(BundleFailure) {
    self.init(descriptor: try Self.checked(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path), path: path)
  }

  func directory(_ name: String) throws(BundleFailure) -> Directory {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    return Directory(descriptor: try Self.checked(openat(descriptor, name, flags), child(name)), path: child(name))
  }

  func makeDirectory(_ name: String, mode: mode_t = 0o755) throws(BundleFailure) -> Directory {
    if mkdirat(descriptor, name, mode) != 0, errno != EEXIST { throw failure(name) }
    let made = try directory(name)
    _ = try Self.checked(fchmod(made.descriptor, mode), made.path)
    return made
  }

  /// What stands under a name; nil when nothing does.
  func kind(_ name: String) throws(BundleFailure) -> Kind? {
    var status = stat()
    guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno == ENOENT { return nil }
      throw failure(name)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory(mode: status.st_mode & 0o7777)
    case S_IFREG: return .file(mode: status.st_mode & 0o7777)
    case S_IFLNK: return .symbolicLink
    default: return .other
    }
  }

  enum Kind: Equatable {
    case directory(mode: mode_t)
    case file(mode: mode_t)
    case symbolicLink
    case other
  }

  /// Names in the directory, sorted.
  func names() throws(BundleFailure) -> [String] {
    // fdopendir takes the descriptor over, so it gets one of its own.
    let own = try Self.checked(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), path)
    guard let stream = fdopendir(own) else { throw failure(".") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func read(_ name: String) throws(BundleFailure) -> [UInt8] {
    let file = try Self.checked(openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), child(name))
    defer { close(file) }
    guard let bytes = readAll(file) else { throw failure(name) }
    return bytes
  }

  /// What a path below this directory leads to, without following a link; nil when nothing is there.
  func find(_ path: ArraySlice<String>) throws(BundleFailure) -> Found? {
    guard let name = path.first, let kind = try kind(name) else { return nil }
    guard path.count > 1 else {
      guard case .file(let mode) = kind else { return Found(kind: kind, bytes: []) }
      return Found(kind: .file(mode: mode), bytes: try read(name))
    }
    guard case .directory = kind else { return Found(kind: kind == .symbolicLink ? .symbolicLink : .other, bytes: []) }
    return try directory(name).find(path.dropFirst())
  }

  /// A file, or what stands in its way.
  struct Found {
    var kind: Kind
    var bytes: [UInt8]
  }

  /// Creates a file that must not be there yet. The mode does not depend on the umask.
  func create(_ name: String, _ bytes: [UInt8], mode: mode_t) throws(BundleFailure) {
    let file = try Self.checked(openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode), child(name))
    defer { close(file) }
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure(name) }
      offset += written
    }
    _ = try Self.checked(fchmod(file, mode), child(name))
  }

  /// The same file under a second name elsewhere; links are linked, not followed.
  func link(_ name: String, into other: borrowing Directory) throws(BundleFailure) {
    _ = try Self.checked(linkat(descriptor, name, other.descriptor, name, 0), other.child(name))
  }

  /// Removes whatever stands under a name, links unfollowed.
  func removeTree(_ name: String) throws(BundleFailure) {
    guard let kind = try kind(name) else { return }
    guard case .directory = kind else {
      _ = try Self.checked(unlinkat(descriptor, name, 0), child(name))
      return
    }
    let inner = try directory(name)
    _ = fchmod(inner.descriptor, 0o700)
    for entry in try inner.names() { try inner.removeTree(entry) }
    _ = try Self.checked(unlinkat(descriptor, name, AT_REMOVEDIR), child(name))
  }

  func exchange(_ left: String, _ right: String) throws(BundleFailure) {
    guard clinux_exchange(descriptor, left, right) == 0 else {
      if errno == EINVAL || errno == EXDEV {
        throw .system(path: child(right), reason: "this file system cannot exchange two directories; remove the old one first")
      }
      throw failure(right)
    }
  }

  func rename(_ from: String, to new: String) throws(BundleFailure) {
    _ = try Self.checked(clinux_rename_new(descriptor, from, new), child(new))
  }

  /// The entries of this directory survive a loss of power.
  func synchronize() throws(BundleFailure) {
    _ = try Self.checked(fsync(descriptor), path)
  }

  /// All that is below this directory does. One call for the whole file system: one for each file of thousands costs more than writing them.
  func synchronizeTree() throws(BundleFailure) {
    _ = try Self.checked(clinux_synchronize(descriptor), path)
  }

  /// Waits until no other run works in this directory; the lock ends with the process.
  func lock() throws(BundleFailure) {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure(".") }
    }
  }

  /// As a user would write it.
  private func child(_ name: String) -> String {
    switch path {
    case ".": name
    case "/": "/\(name)"
    default: "\(path)/\(name)"
    }
  }
  private func failure(_ name: String) -> BundleFailure { Self.failure(child(name)) }

  private static func checked(_ result: Int32, _ path: String) throws(BundleFailure) -> Int32 {
    guard result >= 0 else { throw failure(path) }
    return result
  }

  private static func failure(_ path: String) -> BundleFailure {
    // Linux says ENOTDIR for a link where O_DIRECTORY and O_NOFOLLOW ask for a directory.
    if errno == ELOOP || errno == ENOTDIR { return .symbolicLink(path) }
    return .system(path: path, reason: String(cString: strerror(errno)))
  }
}

/// All bytes of an open file, at most `limit`; nil and errno when reading fails.
func readAll(_ file: Int32, limit: Int = .max) -> [UInt8]? {
  var status = stat()
  // A regular file comes in one piece; one byte more than it is long shows its end.
  let isLong = fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  var wanted = isLong ? Int(status.st_size) + 1 : 1 << 18
  var bytes: [UInt8] = []
  while bytes.count < limit {
    guard let piece = readPiece(file, min(wanted, limit - bytes.count)) else { return nil }
    if piece.isEmpty { break }
    if bytes.isEmpty { bytes = piece } else { bytes += piece }
    wanted = 1 << 18
  }
  return bytes
}

/// What one call of read gives; nil where it fails.
private func readPiece(_ file: Int32, _ wanted: Int) -> [UInt8]? {
  var count = 0
  let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
    repeat { count = Glibc.read(file, buffer.baseAddress, wanted) } while count < 0 && errno == EINTR
    initialized = max(count, 0)
  }
  return count < 0 ? nil : piece
}
