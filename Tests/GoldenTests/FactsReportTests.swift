import Diagnostics
import Emission
import MAASFacts
import Testing

@Suite struct FactsReportTests {
  @Test(arguments: [MAASVersion?.none] + FactTables.lines.map { $0 })
  func jsonHoldsEveryTable(version: MAASVersion?) throws {
    let report = try JSON(parsing: Array(FactsReport(version).json.utf8))
    #expect(report["as_of"]?.string == Releases.asOf)
    #expect(report["maas"]?.string == version?.description)
    for table in FactTables.all(for: version) {
      #expect(report["tables"]?[table.id]?["rows"]?.array?.count == table.rows.count, "\(table.id)")
    }
  }

  @Test func aRowNamesItsColumns() throws {
    let report = try JSON(parsing: Array(FactsReport(MAASVersion(3, 7)).json.utf8))
    let rows = try #require(report["tables"]?["regiond_options"]?["rows"]?.array)
    let row = try #require(rows.first { $0["name"]?.string == "num_workers" })
    #expect(row["type"]?.string == "integer")
    #expect(row["default"]?.string == "4")
    #expect(row["min"]?.integer == 1)
    #expect(row["max"] == nil)
    #expect(row["since"] == nil)
  }

  @Test(arguments: [MAASVersion?.none, MAASVersion(3, 7)])
  func textIsAlignedAndEndsCleanly(version: MAASVersion?) throws {
    let lines = FactsReport(version).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    let heading = try #require(lines.first { $0.hasPrefix("  ubuntu  postgresql") })
    let column = try heading.distance(from: heading.startIndex, to: #require(heading.firstRange(of: "postgresql")).lowerBound)
    let row = try #require(lines.first { $0.hasPrefix("  24.04 ") })
    #expect(row.dropFirst(column) == "16")
  }
}
