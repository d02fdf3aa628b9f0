/// Extensions of PostgreSQL that MAAS creates by itself, as owner of the database; the server must have their files.
package enum DatabaseExtensions {
  package struct Extension: Sendable {
    package let name: String
    package let lifespan: Lifespan
    package let why: String
    package let source: String
  }

  package static let table: [Extension] = [
    Extension(
      name: "btree_gin", lifespan: .since(3, 5), why: "an index of Temporal's visibility store",
      source: "Temporal source, schema/postgresql/v12/visibility"),
    Extension(
      name: "pgcrypto", lifespan: .since(3, 7), why: "digest() in an index over BMCs, from 3.7.3",
      source: "MAAS source, src/maasservicelayer/db/alembic/versions/0025_bmc_sha256.py"),
  ]

  package static func needed(_ version: MAASVersion) -> [Extension] { table.filter { $0.lifespan.contains(version) } }

  /// The first release of each line that makes its database beside pgaudit (LP 2097079: src/maasserver/migrations/maasserver/0030 dropped the
  /// functions of extensions). Later lines always did; earlier ones still have the migration, and no release of theirs is without it.
  package static let pgauditFixedIn = [MAASVersion(3, 5, 7), MAASVersion(3, 6, 1)]

  /// The release to go to where pgaudit stops MAAS from making its database; a version without a patch release means the newest of its line.
  package static func pgauditFix(for version: MAASVersion) -> MAASVersion? {
    guard let oldest = pgauditFixedIn.first, version.line >= oldest.line else { return pgauditFixedIn.first }
    guard let patch = version.patch, let fixed = pgauditFixedIn.first(where: { $0.line == version.line }), patch < fixed.patch ?? 0 else {
      return nil
    }
    return fixed
  }

  /// Schemas that MAAS makes beside `public`.
  package static let schemas: [(name: String, lifespan: Lifespan)] = [
    ("temporal", .since(3, 5)), ("temporal_visibility", .since(3, 5)), ("openfga", .since(3, 8)),
  ]
}
