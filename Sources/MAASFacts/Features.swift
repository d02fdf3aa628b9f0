/// The workflow engine that regions and agents share since 3.5 (MAAS source, src/maasserver/regiondservices/temporal.py).
package enum Temporal {
  package static let lifespan = Lifespan.since(3, 5)
  /// It connects to PostgreSQL without TLS in every release (MAAS source, production.yaml.template), so the server must admit it in clear.
  package static let speaksTLSToPostgreSQL = false
}

/// The authorization server that reads regiond.conf on its own (MAAS source, src/maasopenfga/cmd/maas-openfga/main.go).
package enum OpenFGA {
  package static let lifespan = Lifespan.since(3, 8)
  /// It has no option for the port.
  package static let databasePort = 5432
}
