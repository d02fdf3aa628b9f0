/// How a bundle on disk differs from what its topology compiles to. Paths sorted.
package struct Comparison: Sendable, Equatable {
  package var modified: [String]
  package var missing: [String]
  /// Left over from an earlier compile.
  package var orphaned: [String]

  package init(modified: [String] = [], missing: [String] = [], orphaned: [String] = []) {
    self.modified = modified
    self.missing = missing
    self.orphaned = orphaned
  }

  package var isClean: Bool { modified.isEmpty && missing.isEmpty && orphaned.isEmpty }
}

/// Compares without writing anything: `compile --check`.
package func compare(_ image: BundleImage, with path: String) throws(BundleFailure) -> Comparison {
  let place = try Place.of(path)
  guard let parent = try place.openParent(), try parent.kind(place.name) != nil else { return Comparison(missing: image.files.map(\.path)) }
  return try BundleOnDisk(try parent.directory(place.name)).comparison(with: image)
}

extension BundleOnDisk {
  func comparison(with image: BundleImage) throws(BundleFailure) -> Comparison {
    var result = Comparison()
    for file in image.files {
      switch try directory.find(try file.components()[...]) {
      case nil: result.missing.append(file.path)
      case let found? where isSame(found, file): continue
      default: result.modified.append(file.path)
      }
    }
    let wanted = Set(image.files.map(\.path))
    for path in recorded?.paths ?? [] where !wanted.contains(path) {
      if try find(path) != nil { result.orphaned.append(path) }
    }
    return result
  }

  /// Content and whether it can be executed; git keeps no more of a mode.
  private func isSame(_ found: Directory.Found, _ file: BundleImage.File) -> Bool {
    guard case .file(let mode) = found.kind else { return false }
    return found.bytes == file.bytes && (mode & 0o100 != 0) == (file.mode & 0o100 != 0)
  }
}
