import Topology

extension Secret.Source {
  /// The program that prints the value.
  var command: [String] {
    switch self {
    case .environment(let name): ["printenv", name]
    case .file(let path): ["cat", path]
    case .command(let words): words
    }
  }
}
