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
      #expect(!table.source.isEmpty, "\(table.id)")
    }
  }

  @Test(arguments: FactTables.lines)
  func oneVersionHasOnlyItsOwn(version: MAASVersion) throws {
    let table = try #require(FactTables.all(for: version).first { $0.id == "regiond_options" })
    #expect(table.rows.count == ControllerOptions.regiond.options(for: version).count)
  }
}
