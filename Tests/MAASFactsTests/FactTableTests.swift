import MAASFacts
import Testing

@Suite struct FactTableTests {
  @Test(arguments: [MAASVersion?.none] + FactTables.lines.map { $0 })
  func everyRowFitsItsColumns(version: MAASVersion?) {
    let tables = FactTables.all(for: version)
    #expect(Set(tables.map(\.id)).count == tables.count)
    for table in tables {
      #expect(Set(table.columns).count == table.columns.count, "\(table.id)")
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.id)")
      #expect(table.source != nil || table.columns.contains("source"), "\(table.id)")
    }
  }

  @Test(arguments: FactTables.lines)
  func oneVersionHasOnlyItsOwn(version: MAASVersion) throws {
    let table = try #require(FactTables.all(for: version).first { $0.id == "regiond_options" })
    #expect(table.rows.count == ControllerOptions.regiond.options(for: version).count)
  }

  @Test(arguments: [("3.7", 9), ("3.7.0", 9), ("3.7.2", 4), ("3.7.3", 0), ("4.0", 0)])
  func aPatchReleaseHasOnlyTheDefectsThatItHas(version: String, count: Int) throws {
    let version: MAASVersion = try #require(MAASVersion(version))
    let table = try #require(FactTables.all(for: version).first { $0.id == "known_defects" })
    #expect(table.rows.count == count)
  }
}
