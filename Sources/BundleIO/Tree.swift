import Glibc

/// Files as directories hold them.
struct Tree {
  var files: [(name: String, file: BundleImage.File)] = []
  private(set) var folders: [(name: String, tree: Tree)] = []

  init(_ image: BundleImage) throws(BundleFailure) {
    self.init()
    for file in image.files { insert(file, at: try file.components()[...]) }
  }

  private init() {}

  /// Files come sorted by path, so the folder is the last one or a new one.
  private mutating func insert(_ file: BundleImage.File, at path: ArraySlice<String>) {
    guard let name = path.first else { return }
    if path.count == 1 {
      files.append((name, file))
      return
    }
    if folders.last?.name != name { folders.append((name, Tree())) }
    folders[folders.count - 1].tree.insert(file, at: path.dropFirst())
  }
}

extension Directory {
  /// Creates a tree's files in this empty directory.
  func fill(_ tree: Tree) throws(BundleFailure) {
    for entry in tree.files { try create(entry.name, entry.file.bytes, mode: mode_t(entry.file.mode)) }
    for folder in tree.folders { try makeDirectory(folder.name).fill(folder.tree) }
  }
}
