import MAASFacts
import Testing

@Suite struct ReleaseTests {
  @Test func linesAscendAndStandOnce() {
    let lines = Releases.table.map(\.line)
    #expect(lines == lines.sorted())
    #expect(Set(lines).count == lines.count)
    #expect(FactTables.lines.map(\.description) == ["3.4", "3.5", "3.6", "3.7", "3.8", "4.0"])
  }

  @Test(arguments: [
    ("3.3", Releases.State.unsupported, UbuntuRelease?.some(.jammy), 12, "stable"), ("3.4", .bugFixes, .jammy, 14, "stable"),
    ("3.5", .bugFixes, .jammy, 14, "stable"), ("3.6", .supported, .noble, 14, "stable"), ("3.7", .supported, .noble, 16, "stable"),
    ("3.8", .beta, .resolute, 16, "beta"), ("4.0", .development, nil, 16, "edge"),
  ])
  func aLineRunsOn(line: String, state: Releases.State, ubuntu: UbuntuRelease?, postgresql: Int, risk: String) throws {
    let release = try #require(MAASVersion(line).flatMap { Releases.release($0) })
    #expect(release.state == state)
    #expect(release.debUbuntu == ubuntu)
    #expect(release.postgresqlDocumented == postgresql)
    #expect(release.channelRisk == risk)
  }

  @Test(arguments: Releases.table)
  func minimumsDoNotContradict(release: Releases.Release) {
    #expect(release.postgresqlRefusedBelow ?? 0 <= release.postgresqlDocumented)
    #expect(release.postgresqlDocumented <= release.postgresqlRecommended)
  }

  /// An Ubuntu release that carries MAAS' packages carries a PostgreSQL that MAAS takes.
  @Test(arguments: Releases.table.filter { $0.state != .unsupported })
  func theOwnUbuntuCarriesAPostgreSQLThatIsNewEnough(release: Releases.Release) {
    guard let ubuntu = release.debUbuntu, let carried = UbuntuPostgreSQL.version(on: ubuntu) else { return }
    #expect(carried >= release.postgresqlDocumented)
  }

  @Test(arguments: [("3.7", true), ("3.7.2", true), ("3.9", false), ("2.8", false)])
  func aPatchReleaseIsFoundByItsLine(text: String, known: Bool) throws {
    #expect(try (Releases.release(#require(MAASVersion(text))) != nil) == known)
  }
}
