package import Diagnostics
package import Planning

/// One file of a bundle.
package struct OutputFile: Sendable, Equatable {
  /// Below the bundle, parts joined by `/`.
  package var path: String
  /// Permission bits in the bundle, `0o644` or `0o755`.
  package var mode: UInt16
  package var text: String
  /// For each line the place in the topology that asked for it, where one is known.
  package var origins: [Span?]
  /// Where it goes on a host, for files under `hosts/<host>/files`.
  package var target: Target?

  package struct Target: Sendable, Equatable {
    package var host: String
    package var file: Installed
  }

  /// What is installed of a `PlannedFile`, for the manifest.
  package struct Installed: Sendable, Equatable {
    package var path: String
    package var owner: String
    package var group: String
    package var mode: UInt16
    package var policy: PlannedFile.Policy
  }

  package init(_ path: String, _ text: String, executable: Bool = false, origins: [Span?] = [], target: Target? = nil) {
    self.path = path
    self.text = text
    mode = executable ? 0o755 : 0o644
    self.origins = origins
    self.target = target
  }
}

/// All files of a bundle but `manifest.json` and `SHA256SUMS`, which hold digests and are made where the bundle is written.
package struct Bundle: Sendable {
  /// The topology's name.
  package var name: String
  /// Sorted by path; no two have the same.
  package var files: [OutputFile]

  package init(name: String, files: [OutputFile]) {
    self.name = name
    self.files = files.sorted { $0.path < $1.path }
  }
}
