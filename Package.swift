// swift-tools-version: 6.2
import PackageDescription

/// Held by every target of this package; dependencies are not affected.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of the compiler. The order of the calls below is the order of the pipeline: a target imports only what stands above it.
func layer(_ name: String, imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

func tests(_ name: String, of imports: [Target.Dependency], beside excluded: [String] = []) -> Target {
  .testTarget(name: name, dependencies: imports + ["TestSupport"], exclude: excluded, swiftSettings: settings)
}

let package = Package(
  name: "maasc",
  products: [.executable(name: "maasc", targets: ["maasc"])],
  dependencies: [
    // Reasons for each dependency: docs/decisions/0002-dependencies.md. Pinned, because Package.resolved is not committed.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    // Pure: no I/O, no clock, no environment, no Foundation.
    layer("Diagnostics"),
    layer("NetworkTypes"),
    layer("MAASFacts", imports: ["NetworkTypes"]),
    layer("YAMLSyntax", imports: ["Diagnostics", "CLibYAML"]),
    layer("Topology", imports: ["Diagnostics", "NetworkTypes", "MAASFacts", "YAMLSyntax"]),
    layer("Rules", imports: ["Diagnostics", "NetworkTypes", "MAASFacts", "Topology"]),
    layer("Formats", imports: ["Diagnostics", "NetworkTypes"]),
    layer("Planning", imports: ["Diagnostics", "NetworkTypes", "MAASFacts", "Topology", "Formats"]),
    layer("Emission", imports: ["Diagnostics", "NetworkTypes", "MAASFacts", "Formats", "Planning"]),
    layer("Compiler", imports: ["Diagnostics", "YAMLSyntax", "MAASFacts", "Topology", "Rules", "Formats", "Planning", "Emission"]),
    // The edge: everything that touches the machine.
    .target(name: "CLinux"),
    layer("BundleIO", imports: ["Diagnostics", "Emission", "Compiler", "CLinux", .product(name: "Crypto", package: "swift-crypto")]),
    .executableTarget(
      name: "maasc",
      dependencies: [
        "Diagnostics", "NetworkTypes", "YAMLSyntax", "MAASFacts", "Topology", "Rules", "Formats", "Planning", "Emission", "Compiler", "BundleIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Diagnostics", "NetworkTypes", "YAMLSyntax", "Topology", "Formats"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests("DiagnosticsTests", of: ["Diagnostics"]),
    tests("NetworkTypesTests", of: ["NetworkTypes"]),
    tests("MAASFactsTests", of: ["MAASFacts"]),
    tests("YAMLSyntaxTests", of: ["YAMLSyntax"]),
    tests("TopologyTests", of: ["Topology", "Diagnostics", "MAASFacts", "NetworkTypes"]),
    tests("RulesTests", of: ["Rules", "Compiler", "Diagnostics", "YAMLSyntax"], beside: ["Corpus"]),
    tests("FormatsTests", of: ["Formats", "NetworkTypes", "Diagnostics"]),
    tests("PlanningTests", of: ["Planning", "Compiler", "Formats", "Topology"]),
    tests("BundleIOTests", of: ["BundleIO", "Compiler", "Emission"]),
    tests(
      "GoldenTests", of: ["Compiler", "Diagnostics", "Formats", "Planning", "Topology", "Emission", "BundleIO", "MAASFacts"],
      beside: ["Golden", "Laboratory"]),
    tests("CommandTests", of: ["maasc"]),
    tests("AcceptanceTests", of: ["BundleIO", "Compiler", "Emission", "Formats", "Diagnostics"], beside: ["Topologies"]),
  ],
  swiftLanguageModes: [.v6]
)
