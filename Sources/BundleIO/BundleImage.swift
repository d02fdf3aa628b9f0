package import Compiler
import Diagnostics
package import Emission

/// A bundle as it will be on disk: every file with its digest, the manifest and the sums among them.
package struct BundleImage: Sendable {
  package struct File: Sendable {
    package var path: String
    package var mode: UInt16
    package var bytes: [UInt8]
    package var digest: String
  }

  /// Sorted by path.
  package private(set) var files: [File]

  package init(_ bundle: Bundle, topology: Input) {
    files = bundle.files.map { Self.file($0.path, $0.mode, Array($0.text.utf8)) }
    let manifest = Manifest.text(bundle, topology: topology, digests: files.map(\.digest))
    files.append(Self.file(Manifest.path, 0o644, Array(manifest.utf8)))
    files.sort { $0.path < $1.path }
    let sums = Manifest.sums(files.map { ($0.path, $0.digest) })
    files.append(Self.file(Manifest.sumsPath, 0o644, Array(sums.utf8)))
    files.sort { $0.path < $1.path }
  }

  private static func file(_ path: String, _ mode: UInt16, _ bytes: [UInt8]) -> File {
    File(path: path, mode: mode, bytes: bytes, digest: sha256(bytes))
  }
}

extension BundleImage.File {
  /// The path's components; a path that could leave the bundle is refused.
  func components() throws(BundleFailure) -> [String] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let isSafe = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) && $0.utf8.count <= 255 }
    guard isSafe else { throw .unsafePath(path) }
    return parts
  }
}
