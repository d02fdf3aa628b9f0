/// MAAS' release lines: what each runs on, and what state it is in.
package enum Releases {
  /// The day on which the states were true, year and month.
  package static let asOf = "2026-08"

  package enum State: String, Sendable {
    /// Gets everything.
    case supported
    /// Still gets fixes, though newer lines are preferred.
    case bugFixes = "bug fixes only"
    case unsupported
    /// Not released for production.
    case beta
    case development

    /// True for lines that are out of support or not yet in it.
    package var isUnfit: Bool { self == .unsupported || self == .beta || self == .development }
  }

  package struct Release: Sendable {
    package let line: MAASVersion
    package let state: State
    /// The newest patch release on `asOf`.
    package let newestPatch: Int?
    /// The Ubuntu release whose Debian packages exist; nil: snap only.
    package let debUbuntu: UbuntuRelease?
    package let snapBase: String?
    package let snapEpoch: String?
    /// The risk of the snap channel that carries the line's newest fit build.
    package let channelRisk: String
    /// Below this MAAS refuses to start; nil: no check.
    package let postgresqlRefusedBelow: Int?
    /// What MAAS' documentation requires.
    package let postgresqlDocumented: Int
    /// What MAAS' documentation recommends.
    package let postgresqlRecommended: Int
  }

  package static let source =
    "MAAS source, docs/reference/supported-maas-versions.md; by branch snap/snapcraft.yaml, debian/changelog, debian/control, "
    + "src/maasserver/plugin.py (PGSQL_MIN_VERSION)"

  package static let table: [Release] = [
    row(2, 9, .unsupported, patch: nil, deb: .focal, snap: nil, postgresql: (nil, 10, 12)),
    row(3, 0, .unsupported, patch: nil, deb: .focal, snap: ("core20", "3"), postgresql: (nil, 12, 12)),
    row(3, 1, .unsupported, patch: nil, deb: .focal, snap: ("core20", "3"), postgresql: (nil, 12, 12)),
    row(3, 2, .unsupported, patch: nil, deb: .focal, snap: ("core20", "3"), postgresql: (12, 12, 12)),
    row(3, 3, .unsupported, patch: nil, deb: .jammy, snap: ("core22", "3"), postgresql: (12, 12, 14)),
    row(3, 4, .bugFixes, patch: 10, deb: .jammy, snap: ("core22", "3"), postgresql: (12, 14, 14)),
    row(3, 5, .bugFixes, patch: 13, deb: .jammy, snap: ("core22", "4*"), postgresql: (12, 14, 14)),
    row(3, 6, .supported, patch: 5, deb: .noble, snap: ("core24", "4*"), postgresql: (12, 14, 16)),
    row(3, 7, .supported, patch: 3, deb: .noble, snap: ("core24", "4*"), postgresql: (12, 16, 16)),
    row(3, 8, .beta, patch: nil, deb: .resolute, snap: ("core26", "5*"), risk: "beta", postgresql: (14, 16, 16)),
    row(4, 0, .development, patch: nil, deb: nil, snap: ("core26", "6*"), risk: "edge", postgresql: (14, 16, 16)),
  ]

  /// Nil for a line that the table does not know.
  package static func release(_ version: MAASVersion) -> Release? { table.first { $0.line == version.line } }

  private static func row(
    _ major: Int, _ minor: Int, _ state: State, patch: Int?, deb: UbuntuRelease?, snap: (base: String, epoch: String)?,
    risk: String = "stable", postgresql: (refused: Int?, documented: Int, recommended: Int)
  ) -> Release {
    Release(
      line: MAASVersion(major, minor), state: state, newestPatch: patch, debUbuntu: deb, snapBase: snap?.base, snapEpoch: snap?.epoch,
      channelRisk: risk, postgresqlRefusedBelow: postgresql.refused, postgresqlDocumented: postgresql.documented,
      postgresqlRecommended: postgresql.recommended)
  }
}
