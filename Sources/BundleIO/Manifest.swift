import Compiler
import Diagnostics
import Emission
import Planning

/// `manifest.json`: what was compiled, and every file of the bundle with its digest.
enum Manifest {
  static let path = "manifest.json"
  static let sumsPath = "SHA256SUMS"

  static func text(_ bundle: Bundle, topology: Input, digests: [String]) -> String {
    let source: JSON = ["file": .string(fileName(topology.path)), "sha256": .string(sha256(topology.bytes))]
    let value: JSON = [
      "maasc_bundle": 1,
      "name": .string(bundle.name),
      "topology": source,
      "files": .array(zip(bundle.files, digests).map(entry)),
    ]
    return value.text() + "\n"
  }

  /// What `sha256sum --check` reads.
  static func sums(_ files: [(path: String, digest: String)]) -> String {
    files.map { "\($0.digest)  \($0.path)\n" }.joined()
  }

  private static func entry(_ file: OutputFile, _ digest: String) -> JSON {
    [
      "path": .string(file.path),
      "sha256": .string(digest),
      "mode": .string(octal(file.mode)),
      "host": file.target.map { .string($0.host) },
      "installed": file.target.map { target in
        [
          "path": .string(target.file.path), "owner": .string(target.file.owner), "group": .string(target.file.group),
          "mode": .string(octal(target.file.mode)), "policy": .string(word(target.file.policy)),
        ]
      },
    ]
  }

  private static func word(_ policy: PlannedFile.Policy) -> String {
    switch policy {
    case .whole: "whole"
    case .merged: "merged"
    case .preview: "preview"
    }
  }

  private static func octal(_ mode: UInt16) -> String { "0" + String(mode, radix: 8) }
  private static func fileName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}

/// The files that a bundle on disk says it has.
struct RecordedFiles {
  /// By path.
  private(set) var digests: [String: String] = [:]
  /// Sorted.
  private(set) var paths: [String] = []
  /// Every directory above one of them.
  private(set) var folders: Set<String> = []

  /// Nil when these are not the bytes of a manifest.
  init?(manifest bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes), json["maasc_bundle"]?.integer != nil, let files = json["files"]?.array else { return nil }
    for file in files {
      guard let path = file["path"]?.string, let digest = file["sha256"]?.string else { return nil }
      digests[path] = digest
      paths.append(path)
    }
    digests[Manifest.path] = sha256(bytes)
    paths.append(Manifest.path)
    paths.sort()
    let sums = Manifest.sums(paths.map { ($0, digests[$0] ?? "") })
    digests[Manifest.sumsPath] = sha256(Array(sums.utf8))
    paths.append(Manifest.sumsPath)
    paths.sort()
    for path in paths { addFolders(of: path) }
  }

  private mutating func addFolders(of path: String) {
    var path = path[...]
    while let slash = path.lastIndex(of: "/") {
      path = path[..<slash]
      guard folders.insert(String(path)).inserted else { return }
    }
  }
}
