/// Writes a bundle. At every instant the directory is the whole old bundle or the whole new one: the new one is written beside it, and the two
/// exchange their names. What others put into the directory stays, unless it stands where a file of ours goes; that and edits of our files are
/// overwritten only with `force`. A bundle that is already as it should be is not touched.
///
/// - Returns: how the directory differed before.
@discardableResult
package func write(_ image: BundleImage, to path: String, force: Bool = false) throws(BundleFailure) -> Comparison {
  let place = try Place.of(path)
  let parent = try place.makeParent()
  try parent.lock()
  // Under the lock, what an earlier run left behind belongs to nobody.
  for name in try parent.names() where name.hasPrefix(place.temporaryPrefix) { try parent.removeTree(name) }
  let temporary = place.temporaryPrefix + "new"

  switch try parent.kind(place.name) {
  case nil:
    try build(image, in: parent, as: temporary)
    try parent.rename(temporary, to: place.name)
    try parent.synchronize()
    return Comparison(missing: image.files.map(\.path))
  case .symbolicLink: throw .symbolicLink(path)
  case .directory: break
  default: throw .notABundle(path)
  }

  let old = try BundleOnDisk(try parent.directory(place.name))
  if !force { try old.refuseToLose(image) }
  let comparison = try old.comparison(with: image)
  if comparison.isClean { return comparison }
  try build(image, in: parent, as: temporary, keeping: old)
  try parent.exchange(temporary, place.name)
  try parent.synchronize()
  try parent.removeTree(temporary)
  return comparison
}

extension Place {
  var temporaryPrefix: String { ".\(name).maasc-" }
}

extension BundleOnDisk {
  fileprivate func refuseToLose(_ image: BundleImage) throws(BundleFailure) {
    if recorded == nil {
      guard try directory.names().isEmpty else { throw .notABundle(directory.path) }
    }
    let lost = try edited() + inTheWay(of: image)
    guard lost.isEmpty else { throw .edited(directory: directory.path, files: lost.sorted()) }
  }
}

private func build(_ image: BundleImage, in parent: borrowing Directory, as name: String) throws(BundleFailure) {
  let root = try parent.makeDirectory(name)
  try root.fill(try Tree(image))
  try root.synchronizeTree()
}

/// The same, with what of `old` belongs to others.
private func build(
  _ image: BundleImage, in parent: borrowing Directory, as name: String, keeping old: borrowing BundleOnDisk
) throws(BundleFailure) {
  let root = try parent.makeDirectory(name)
  try root.fill(try Tree(image))
  try old.directory.keep(into: root, recorded: old.recorded)
  try root.synchronizeTree()
}
