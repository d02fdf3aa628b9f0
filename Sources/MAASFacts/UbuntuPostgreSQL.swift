/// Which major version of PostgreSQL an Ubuntu release carries in its own archive.
package enum UbuntuPostgreSQL {
  package static let source = "packages.ubuntu.com, package postgresql"

  package static let table: [(ubuntu: UbuntuRelease, postgresql: Int)] = [
    (.bionic, 10), (.focal, 12), (.jammy, 14), (.noble, 16), (.resolute, 18),
  ]

  package static func version(on ubuntu: UbuntuRelease) -> Int? { table.first { $0.ubuntu == ubuntu }?.postgresql }
}
