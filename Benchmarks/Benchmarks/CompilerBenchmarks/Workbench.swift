import Glibc

/// Where the programs under measurement are, and the topologies they read. `make bench` builds and names them.
struct Workbench {
  let maasc: String
  let bareLoop: String
  /// A topology of about 10 MB, clean under all rules.
  let tenMegabytes: String
  let large: String
  /// Topologies of growing size, with their number of hosts.
  let growing: [(hosts: Int, path: String)]
  /// A folder for bundles.
  let scratch: String

  /// From the environment; nil when the suite was not started by `make bench`.
  static let current: Workbench? = {
    guard let folder = getenv("MAASC_BENCH").map({ String(cString: $0) }) else { return nil }
    return Workbench(
      maasc: folder + "/maasc", bareLoop: folder + "/bare-libyaml", tenMegabytes: folder + "/ten-megabytes.topology.yaml",
      large: folder + "/large.topology.yaml",
      growing: [100, 1000, 10_000, 50_000].map { (hosts: $0, path: "\(folder)/hosts-\($0).topology.yaml") }, scratch: folder + "/scratch")
  }()

  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
