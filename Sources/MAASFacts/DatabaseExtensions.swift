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

  /// The first release of each line that starts with pgaudit loaded; other lines always did (LP 2097079).
  package static let pgauditFixedIn = [MAASVersion(3, 5, 7), MAASVersion(3, 6, 1)]

  /// True where loading pgaudit stops MAAS from making its database; a version without a patch release means the newest.
  package static func breaksWithPgaudit(_ version: MAASVersion) -> Bool {
    guard let patch = version.patch, let fixed = pgauditFixedIn.first(where: { $0.line == version.line }) else { return false }
    return patch < fixed.patch ?? 0
  }

  /// Schemas that MAAS makes beside `public`.
  package static let schemas: [(name: String, lifespan: Lifespan)] = [
    ("temporal", .since(3, 5)), ("temporal_visibility", .since(3, 5)), ("openfga", .since(3, 8)),
  ]
}
