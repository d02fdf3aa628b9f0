/// Characters of a database user, name or password that a program of MAAS does not survive.
package enum CredentialCharset {
  package struct Hazard: Sendable {
    package let characters: String
    package let what: String
    package let lifespan: Lifespan
    package let source: String
  }

  package static let table: [Hazard] = [
    Hazard(
      characters: "\"\\", what: "Temporal's configuration, where the value stands unescaped between double quotes", lifespan: .since(3, 5),
      source: "MAAS source, src/maasserver/templates/temporal/production.yaml.template"),
    Hazard(
      characters: "%", what: "the migration tool, whose configuration gives it a meaning of its own", lifespan: .since(3, 7),
      source: "MAAS source, src/maasserver/management/commands/dbupgrade.py"),
    Hazard(
      characters: "@", what: "the migration tool's URL, which it splits", lifespan: .since(3, 7),
      source: "MAAS source, src/maasserver/management/commands/dbupgrade.py"),
    Hazard(
      characters: "#?/ %", what: "OpenFGA's URL, into which the value goes unescaped", lifespan: .since(3, 8),
      source: "MAAS source, src/maasopenfga/cmd/maas-openfga/main.go"),
  ]

  /// From here on other characters than the safe ones break something.
  package static let enforced = Lifespan.since(3, 5)
  /// For messages: what every program of every version survives.
  package static let safeWords = "letters, digits and . _ ~ -"

  package static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122: true
    default: "._~-".utf8.contains(byte)
    }
  }
  package static func isSafe(_ text: String) -> Bool { text.utf8.allSatisfy { isSafe($0) } }

  /// What breaks with this text in this version.
  package static func hazards(in text: String, _ version: MAASVersion) -> [Hazard] {
    table.filter { hazard in hazard.lifespan.contains(version) && text.contains { hazard.characters.contains($0) } }
  }
}
