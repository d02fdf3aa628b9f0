// swift-tools-version: 6.1
import PackageDescription

// A package of its own, since it is built for nobody who only wants maasc. It needs nothing but libyaml.
let package = Package(
  name: "maasc-benchmarks",
  targets: [
    // The yardstick: libyaml's events read by C and thrown away.
    .executableTarget(name: "bare-libyaml", linkerSettings: [.linkedLibrary("yaml")]),
    .executableTarget(name: "budgets"),
  ],
  swiftLanguageModes: [.v6]
)
