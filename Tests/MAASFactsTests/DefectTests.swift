import MAASFacts
import Testing

@Suite struct DefectTests {
  @Test(arguments: [
    ("3.6.0", 2_107_967, "3.6.1"), ("3.6.1", 2_107_967, nil), ("3.7.0", 2_107_967, nil), ("3.4.3", 2_069_094, "3.4.4"), ("3.4.4", 2_069_094, nil),
    ("3.5.0", 2_069_094, "3.5.1"), ("3.6.0", 2_069_094, nil), ("3.7.2", 2_148_224, "3.7.3"), ("3.7.3", 2_148_224, nil), ("3.7", 2_148_224, nil),
    ("3.5.12", 2_074_122, "3.5.13"), ("3.6.5", 2_074_122, nil),
  ])
  func aReleaseHasADefectOrNot(version: String, bug: Int, fix: String?) throws {
    #expect(try KnownDefects.defect(bug)?.fix(for: #require(MAASVersion(version)))?.description == fix)
  }

  @Test(arguments: KnownDefects.table)
  func fixesAscendAndAreOutAlready(defect: KnownDefect) throws {
    #expect(defect.fixedIn == defect.fixedIn.sorted())
    for fix in defect.fixedIn {
      let newest = try #require(Releases.release(fix))
      #expect(try newest.newestPatch.map { $0 >= (try #require(fix.patch)) } ?? (newest.state == .unsupported))
    }
  }

  @Test(arguments: Releases.table)
  func theNewestReleaseOfALineHasNone(release: Releases.Release) {
    guard let patch = release.newestPatch else { return }
    #expect(KnownDefects.affecting(MAASVersion(release.line.major, release.line.minor, patch)).isEmpty)
  }

  @Test(arguments: [
    ("3.3", "3.5.7"), ("3.4", "3.5.7"), ("3.4.10", "3.5.7"), ("3.5.6", "3.5.7"), ("3.5.7", nil), ("3.5", nil), ("3.6.0", "3.6.1"), ("3.6.1", nil),
    ("3.6", nil), ("3.7.0", nil), ("4.0", nil),
  ])
  func pgauditBreaksUntil(version: String, fix: String?) throws {
    #expect(try DatabaseExtensions.pgauditFix(for: #require(MAASVersion(version)))?.description == fix)
  }

  @Test(arguments: [("3.4", []), ("3.5", ["btree_gin"]), ("3.7", ["btree_gin", "pgcrypto"])])
  func extensionsThatMAASCreates(version: String, names: [String]) throws {
    #expect(try DatabaseExtensions.needed(#require(MAASVersion(version))).map(\.name) == names)
  }
}
