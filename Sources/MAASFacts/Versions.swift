/// A MAAS release line, `3.7`, and where it is given a patch release, `3.7.2`.
package struct MAASVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int
  package let patch: Int?

  package init(_ major: Int, _ minor: Int, _ patch: Int? = nil) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads `X.Y` or `X.Y.Z`.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    self.init(numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : nil)
  }

  /// The line without the patch release: what two controllers of one MAAS must share.
  package var line: MAASVersion { MAASVersion(major, minor) }
  package var description: String { "\(major).\(minor)\(patch.map { ".\($0)" } ?? "")" }

  package static func < (left: MAASVersion, right: MAASVersion) -> Bool {
    (left.major, left.minor, left.patch ?? -1) < (right.major, right.minor, right.patch ?? -1)
  }
}

/// How MAAS' packages are installed. Debian packages end with 3.8.
package enum InstallKind: String, Sendable, CaseIterable { case snap, deb }

/// An Ubuntu release as `hosts.*.os` names it.
package enum UbuntuRelease: String, Sendable, CaseIterable, Comparable {
  case bionic = "ubuntu-18.04"
  case focal = "ubuntu-20.04"
  case jammy = "ubuntu-22.04"
  case noble = "ubuntu-24.04"
  case resolute = "ubuntu-26.04"

  /// `24.04`, as VERSION_ID in os-release.
  package var number: String { String(rawValue.dropFirst("ubuntu-".count)) }
  package static func < (left: UbuntuRelease, right: UbuntuRelease) -> Bool { left.number < right.number }
}
