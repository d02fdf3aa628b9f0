// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that the benchmark library weighs on nobody who only builds maasc.
let package = Package(
  name: "maasc-benchmarks",
  dependencies: [
    // Harness and statistics. Without its default traits it needs no jemalloc.
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: [])
  ],
  targets: [
    // The yardstick: libyaml's events read by C and thrown away.
    .executableTarget(name: "bare-libyaml", linkerSettings: [.linkedLibrary("yaml")]),
    .executableTarget(
      name: "CompilerBenchmarks",
      dependencies: [.product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/CompilerBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
