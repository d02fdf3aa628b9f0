import Benchmark

/// The budgets of the project. Each is a ratio of two whole processes that ran one after the other, so that a busy machine slows both.
/// Custom metrics are integers, so ratios are given in percent.
let benchmarks: @Sendable () -> Void = {
  guard let bench = Workbench.current else { return print("start the suite with: make bench") }
  let once = Benchmark.Configuration(metrics: [], warmupIterations: 1, maxDuration: .seconds(60), maxIterations: 7)

  func budgeted(_ name: String, _ metric: String, limit: Int, _ body: @escaping () throws -> Int) {
    let measured = BenchmarkMetric.custom(metric, polarity: .prefersSmaller, useScalingFactor: false)
    var configuration = once
    configuration.metrics = [measured]
    Benchmark("\(name), at most \(limit)", configuration: configuration) { benchmark in
      let value = try body()
      benchmark.measurement(measured, value)
      // Noise doubles a single run; the median is what the table shows and what is judged by eye.
      if value > limit * 2 { benchmark.error("\(metric) is \(value), the budget is \(limit)") }
    }
  }

  budgeted("check of 10 MB", "CPU in % of the bare libyaml loop", limit: 250) {
    let check = try ChildProcess.run([bench.maasc, "check", bench.tenMegabytes])
    let loop = try ChildProcess.run([bench.bareLoop, bench.tenMegabytes])
    return check.cpu * 100 / max(loop.cpu, 1)
  }
  budgeted("check of 10 MB, memory", "peak bytes per 100 bytes of input", limit: 1200) {
    let check = try ChildProcess.run([bench.maasc, "check", bench.tenMegabytes])
    return check.peakMemory * 100 / max(Workbench.size(of: bench.tenMegabytes), 1)
  }
  budgeted("compile of large", "CPU in % of check + 3 × (cp -r and sha256sum)", limit: 100) {
    let output = bench.scratch + "/bundle"
    _ = try ChildProcess.run(["rm", "-rf", output, output + "-copy"])
    let compile = try ChildProcess.run([bench.maasc, "compile", bench.large, "-o", output])
    let check = try ChildProcess.run([bench.maasc, "check", bench.large])
    let copy = try ChildProcess.run(["cp", "-r", output, output + "-copy"])
    let sums = try ChildProcess.run(["sh", "-c", "cd \"$1\" && sha256sum --quiet --check SHA256SUMS", "sh", output])
    return compile.cpu * 100 / max(check.cpu + 3 * (copy.cpu + sums.cpu), 1)
  }
  budgeted("start-up", "microseconds of maasc --version", limit: 5000) { try ChildProcess.run([bench.maasc, "--version"]).wall }

  // Linear: a host costs the same in a file of 50,000 as in one of 10,000.
  budgeted("growth of CPU from 10,000 to 50,000 hosts", "CPU per host in %", limit: 120) {
    let costs = try bench.growing.suffix(2).map { try Double(ChildProcess.run([bench.maasc, "check", $0.path]).cpu) / Double($0.hosts) }
    return Int(costs[1] / costs[0] * 100)
  }
  budgeted("growth of memory from 10,000 to 50,000 hosts", "peak bytes per host in %", limit: 120) {
    let costs = try bench.growing.suffix(2).map { try Double(ChildProcess.run([bench.maasc, "check", $0.path]).peakMemory) / Double($0.hosts) }
    return Int(costs[1] / costs[0] * 100)
  }
}
