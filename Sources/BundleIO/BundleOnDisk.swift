/// A directory as a compile finds it.
struct BundleOnDisk: ~Copyable {
  let directory: Directory
  /// Nil when the directory holds no manifest.
  let recorded: RecordedFiles?

  init(_ directory: consuming Directory) throws(BundleFailure) {
    recorded = try directory.find([Manifest.path]).flatMap { RecordedFiles(manifest: $0.bytes) }
    self.directory = directory
  }

  func holds(_ path: String) -> Bool { recorded?.digests[path] != nil }

  /// Files that are no longer as they were compiled. One that is gone is not among them: nothing is lost by writing it again.
  func edited() throws(BundleFailure) -> [String] {
    guard let recorded else { return [] }
    var edited: [String] = []
    for path in recorded.paths {
      guard let found = try find(path) else { continue }
      guard case .file = found.kind, sha256(found.bytes) == recorded.digests[path] else {
        edited.append(path)
        continue
      }
    }
    return edited
  }

  /// Files of others that stand where a file of `image` goes.
  func inTheWay(of image: BundleImage) throws(BundleFailure) -> [String] {
    var inTheWay: [String] = []
    for file in image.files where !holds(file.path) {
      guard let found = try find(try file.components()[...]) else { continue }
      if found.kind == .symbolicLink { throw .symbolicLink("\(directory.path)/\(file.path)") }
      if case .file = found.kind, found.bytes == file.bytes { continue }
      inTheWay.append(file.path)
    }
    return inTheWay
  }

  func find(_ path: String) throws(BundleFailure) -> Directory.Found? { try find(path.split(separator: "/").map(String.init)[...]) }

  private func find(_ path: ArraySlice<String>) throws(BundleFailure) -> Directory.Found? { try directory.find(path) }
}
