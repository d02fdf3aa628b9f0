import Glibc

/// The programs under measurement and the topologies they read, as scripts/bench.sh makes them.
struct Workbench {
  let folder: String

  var maasc: String { folder + "/maasc" }
  /// About 10 MB, clean under all rules.
  var tenMegabytes: String { topology("ten-megabytes") }
  /// The same with 10,000 findings.
  var findings: String { topology("findings") }
  var large: String { topology("large") }
  func hosts(_ count: Int) -> String { topology("hosts-\(count)") }

  private func topology(_ name: String) -> String { "\(folder)/\(name).topology.yaml" }

  func check(_ path: String, _ options: String...) throws -> Cost { try ChildProcess.run([maasc, "check", path] + options) }
  func bareLoop(_ path: String) throws -> Cost { try ChildProcess.run([folder + "/bare-libyaml", path]) }

  func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension Workbench {
  /// What a host costs in files of growing size.
  func printGrowth() throws {
    print("hosts     CPU of check    CPU per host    peak bytes per host")
    for count in [100, 1000, 10_000, 50_000] {
      let cost = try least(5, { try check(hosts(count)) })[0]
      let words = ["\(count)", milliseconds(cost.cpu), "\(rounded(Double(cost.cpu) / Double(count))) us", "\(cost.peakMemory / count)"]
      print(zip(words, [10, 16, 16, 0]).map { $0 + String(repeating: " ", count: max($1 - $0.count, 0)) }.joined())
    }
    print("")
  }

  var budgets: [Budget] {
    [
      Budget(name: "check of 10 MB, CPU", unit: "x libyaml", limit: 2.5) {
        let cost = try least(9, { try check(tenMegabytes) }, { try bareLoop(tenMegabytes) })
        return (ratio(cost[0].cpu, cost[1].cpu), "\(milliseconds(cost[0].cpu)), the bare loop \(milliseconds(cost[1].cpu))")
      },
      Budget(name: "check of 10 MB, peak memory", unit: "bytes per byte", limit: 12) {
        let cost = try least(3, { try check(tenMegabytes) })
        return (ratio(cost[0].peakMemory, size(of: tenMegabytes)), "\(cost[0].peakMemory >> 20) MiB")
      },
      Budget(name: "compile of large, CPU", unit: "x its parts", limit: 1, measure: compileOfLarge),
      Budget(name: "start-up (--version), wall clock", unit: "ms", limit: 5) {
        let cost = try least(20, { try ChildProcess.run([maasc, "--version"]) })
        return (Double(cost[0].wall) / 1000, "the fastest of 20")
      },
      growth("CPU", \.cpu, from: 1000, to: 10_000), growth("CPU", \.cpu, from: 10_000, to: 50_000),
      growth("peak memory", \.peakMemory, from: 1000, to: 10_000), growth("peak memory", \.peakMemory, from: 10_000, to: 50_000),
    ]
      + ["text", "json", "sarif", "github", "junit", "gitlab"].map(tenThousandFindings)
  }

  /// The parts: a check, and three times a copy of the finished bundle and a reading of its checksums.
  private func compileOfLarge() throws -> (value: Double, from: String) {
    let bundle = folder + "/bundle"
    let cost = try least(
      5,
      {
        _ = try ChildProcess.run(["rm", "-rf", bundle, bundle + "-copy"])
        return try ChildProcess.run([maasc, "compile", large, "-o", bundle])
      },
      { try check(large) }, { try ChildProcess.run(["cp", "-r", bundle, bundle + "-copy"]) },
      { try ChildProcess.run(["sh", "-c", "cd \"$1\" && find . -type f -exec sha256sum {} +", "sh", bundle]) })
    let parts = cost[1].cpu + 3 * (cost[2].cpu + cost[3].cpu)
    let names = "check \(milliseconds(cost[1].cpu)), cp \(milliseconds(cost[2].cpu)), sha256sum \(milliseconds(cost[3].cpu))"
    return (ratio(cost[0].cpu, parts), "\(milliseconds(cost[0].cpu)); \(names)")
  }

  /// Linear: a host costs no more in a larger file. A fifth is left to caches that no longer hold the model.
  private func growth(_ name: String, _ figure: KeyPath<Cost, Int>, from fewer: Int, to more: Int) -> Budget {
    Budget(name: "\(name) per host, \(fewer) to \(more) hosts", unit: "x", limit: 1.2) {
      let cost = try least(5, { try check(hosts(more)) }, { try check(hosts(fewer)) })
      return (ratio(cost[0][keyPath: figure] * fewer, cost[1][keyPath: figure] * more), "")
    }
  }

  private func tenThousandFindings(in format: String) -> Budget {
    Budget(name: "10,000 findings as \(format), CPU", unit: "x clean", limit: 2) {
      let options = ["--format", format, "--max-findings", "10000"]
      let cost = try least(3, { try ChildProcess.run([maasc, "check", findings] + options) }, { try check(tenMegabytes) })
      return (ratio(cost[0].cpu, cost[1].cpu), milliseconds(cost[0].cpu))
    }
  }

  private func ratio(_ value: Int, _ base: Int) -> Double { Double(value) / Double(max(base, 1)) }

  /// Runs some processes in turn, `rounds` times, and returns the least that each took.
  private func least(_ rounds: Int, _ runs: () throws -> Cost...) throws -> [Cost] {
    var costs = try runs.map { try $0() }
    for _ in 1..<rounds {
      for (position, run) in runs.enumerated() { costs[position].lower(to: try run()) }
    }
    return costs
  }
}
