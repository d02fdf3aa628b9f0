/// A defect of MAAS that endangers a highly available installation.
package struct KnownDefect: Sendable {
  package enum Kind: String, Sendable {
    /// Breaks in service.
    case service
    /// Breaks while controllers are upgraded one by one.
    case upgrade
    /// Lets others in.
    case security
  }
  /// The number at bugs.launchpad.net.
  package let bug: Int
  package let kind: Kind
  package let what: String
  /// Whether it bites only with `maas.tls`.
  package let onlyWithTLS: Bool
  /// The first release of each affected line that has the fix, ascending.
  package let fixedIn: [MAASVersion]

  /// The release to go to, if this one has the defect; a version without a patch release means the newest, which has the fix.
  package func fix(for version: MAASVersion) -> MAASVersion? {
    guard let patch = version.patch, let fixed = fixedIn.first(where: { $0.line == version.line }), patch < fixed.patch ?? 0 else { return nil }
    return fixed
  }
}

/// Defects with releases that fix them. A line that is not named is not affected, or nothing is known about it.
package enum KnownDefects {
  package static let source = "MAAS source, docs/reference/release-notes.md, and the first tag that holds the commit which names the bug"

  package static let table: [KnownDefect] = [
    row(2_107_967, .upgrade, "the snap upgrade of split regions and racks fails", [MAASVersion(3, 6, 1)]),
    row(
      2_069_094, .security, "RPC commands are taken from anyone who reaches ports 5250-5259",
      [MAASVersion(3, 3, 8), MAASVersion(3, 4, 4), MAASVersion(3, 5, 1)]),
    row(
      2_074_122, .service, "racks open RPC connections without limit", [MAASVersion(3, 5, 13), MAASVersion(3, 6, 5), MAASVersion(3, 7, 3)]),
    row(
      2_130_237, .service, "registering racks use up the database threads; a region stands still for minutes",
      [MAASVersion(3, 4, 10), MAASVersion(3, 5, 9), MAASVersion(3, 6, 3)]),
    row(
      2_137_724, .service, "Temporal's workers are not set up while a region has no address in the database",
      [MAASVersion(3, 5, 11), MAASVersion(3, 6, 3), MAASVersion(3, 7, 1)]),
    row(2_134_484, .service, "dhcpd refuses its configuration where a machine has several interfaces", [MAASVersion(3, 6, 3), MAASVersion(3, 7, 1)]),
    row(2_134_485, .service, "DHCP fails where regions and racks are split and VLANs are in use", [MAASVersion(3, 6, 3), MAASVersion(3, 7, 1)]),
    row(2_148_224, .service, "DHCP cannot be configured with TLS on", onlyWithTLS: true, [MAASVersion(3, 7, 3)]),
    row(2_156_012, .service, "after a lost database connection a transaction runs on without its lock", [MAASVersion(3, 7, 3)]),
    row(2_156_073, .service, "the agent writes dhcpd.conf with wrong permissions", [MAASVersion(3, 6, 5), MAASVersion(3, 7, 3)]),
    row(
      2_141_598, .service, "custom images stay queued after an upgrade or on a new region",
      [MAASVersion(3, 5, 11), MAASVersion(3, 6, 4), MAASVersion(3, 7, 2)]),
    row(2_110_046, .security, "DNS zones are transferred to anyone", [MAASVersion(3, 5, 9), MAASVersion(3, 6, 3), MAASVersion(3, 7, 1)]),
  ]

  package static func defect(_ bug: Int) -> KnownDefect? { table.first { $0.bug == bug } }
  /// Those that this release has.
  package static func affecting(_ version: MAASVersion) -> [KnownDefect] { table.filter { $0.fix(for: version) != nil } }

  private static func row(
    _ bug: Int, _ kind: KnownDefect.Kind, _ what: String, onlyWithTLS: Bool = false, _ fixedIn: [MAASVersion]
  ) -> KnownDefect {
    KnownDefect(bug: bug, kind: kind, what: what, onlyWithTLS: onlyWithTLS, fixedIn: fixedIn)
  }
}
