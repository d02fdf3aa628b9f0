/// Characters in the database's name, user and password that every program of MAAS reads alike.
///
/// Source: MAAS source, production.yaml.template (quoting), src/maasserver/management/commands/dbupgrade.py (interpolation, URL),
/// src/maasopenfga/cmd/maas-openfga/main.go (URL).
package enum DatabaseCredentials {
  package static let punctuation = "._~-"
  package static let punctuationInWords = "'.', '_', '~', '-'"

  package static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: punctuation.unicodeScalars.contains(scalar)
    }
  }
}

/// What a proxy between MAAS and PostgreSQL must allow.
package enum DatabaseProxy {
  /// Seconds. The Ansible playbook of MAAS uses half an hour (canonical/maas-ansible-playbook, roles/maas_postgres_proxy); MAAS' listener may
  /// be idle for longer, so less is known to hurt.
  package static let shortestIdleTimeout = 1800
}

/// Extensions of PostgreSQL that MAAS creates, and those that break it.
package enum DatabaseExtensions {
  private static let table: [(name: String, lifespan: Lifespan)] = [
    // Temporal's visibility store.
    ("btree_gin", .since(3, 5)),
    // MAAS source, src/maasservicelayer/db/alembic.
    ("pgcrypto", .since(3, 7)),
  ]

  package static func created(by version: MAASVersion) -> [String] { table.filter { $0.lifespan.contains(version) }.map(\.name) }

  /// LP 2097079: pgaudit made the initialisation of the database fail in 3.6.0. The fix also went to a 3.5.x that nobody named, so 3.5 is not judged.
  private static let pgauditFixed = MAASVersion(3, 6, 1)

  /// The release that works with the extension, where this one does not. A version without patch release means the newest of its line.
  package static func breakage(of name: String, with version: MAASVersion) -> MAASVersion? {
    guard name == "pgaudit", version.line == pgauditFixed.line, version.patch != nil, version < pgauditFixed else { return nil }
    return pgauditFixed
  }
}
