/// Flags of `maas init` that some versions do not take; a snap that is given one stops with the usage text.
package enum InitFlags {
  package struct Flag: Sendable {
    package let name: String
    package let roles: [ControllerRole]
    package let lifespan: Lifespan
  }

  package static let source = "MAAS source, src/maascli/snap.py (ARGUMENTS)"

  package static let table: [Flag] = [
    Flag(name: "--maas-url", roles: [.region, .rack], lifespan: .always),
    Flag(name: "--database-uri", roles: [.region], lifespan: .always),
    Flag(name: "--secret", roles: [.rack], lifespan: .always),
    Flag(name: "--vault-uri", roles: [.region], lifespan: .always),
    Flag(name: "--vault-approle-id", roles: [.region], lifespan: .always),
    Flag(name: "--vault-wrapped-token", roles: [.region], lifespan: .always),
    Flag(name: "--vault-secrets-path", roles: [.region], lifespan: .always),
    Flag(name: "--vault-secrets-mount", roles: [.region], lifespan: .always),
    Flag(name: "--num-workers", roles: [.region], lifespan: .until(3, 7)),
    Flag(name: "--enable-debug", roles: [.region], lifespan: .until(3, 7)),
    Flag(name: "--disable-debug", roles: [.region], lifespan: .until(3, 7)),
    Flag(name: "--enable-debug-queries", roles: [.region], lifespan: .until(3, 7)),
    Flag(name: "--disable-debug-queries", roles: [.region], lifespan: .until(3, 7)),
  ]
}
