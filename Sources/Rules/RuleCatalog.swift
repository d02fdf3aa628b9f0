package import Diagnostics

extension Rule {
  /// Every rule, by id. A test compares this list with the files in `Catalog`.
  package static let all: [Rule] = [
    // 2xx versions and packages
    .mixedVersions,
    // 3xx placement and identity
    .singleRegion,
    // 4xx PostgreSQL and connections
    .synchronousStall,
  ]

  /// Nil for an id that never was.
  package static func with(id: RuleID) -> Rule? { all.first { $0.id == id } }
  package static func with(name: String) -> Rule? { all.first { $0.name == name } }
}
