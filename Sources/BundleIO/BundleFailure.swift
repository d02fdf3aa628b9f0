/// Why a bundle was not written. Nothing was changed when one of these is thrown.
package enum BundleFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The directory holds something else.
  case notABundle(String)
  /// Files of the bundle were changed by hand, or stand where ours would go.
  case edited(directory: String, files: [String])
  /// A symbolic link where a directory or file of ours should be.
  case symbolicLink(String)
  /// A path of ours that would leave the bundle: a bug of an emitter.
  case unsafePath(String)
  /// A call of the system failed; `reason` is the system's own.
  case system(path: String, reason: String)

  package var description: String {
    switch self {
    case .notABundle(let directory): "\(directory) is not a bundle: choose another directory, or --force to write into it; files in it stay"
    case .edited(let directory, let files):
      "\(directory) was edited by hand: \(files.prefix(5).joined(separator: ", "))\(files.count > 5 ? " and \(files.count - 5) more" : ""); "
        + "take the edits into the topology, or --force to lose them"
    case .symbolicLink(let path): "\(path) is a symbolic link, which is not followed"
    case .unsafePath(let path): "the path \(path) leads out of the bundle"
    case .system(let path, let reason): "\(path): \(reason)"
    }
  }
}
