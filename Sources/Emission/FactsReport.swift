import Diagnostics
package import MAASFacts

/// What `maasc facts` prints: every fact of one MAAS version, or of all.
package struct FactsReport: Sendable {
  private let version: MAASVersion?
  private let tables: [FactTable]

  /// Nil: all versions.
  package init(_ version: MAASVersion?) {
    self.version = version
    tables = FactTables.all(for: version)
  }

  /// One object with a member for each table; rows are objects, and what is not known is left out.
  package var json: String {
    let report: JSON = [
      "schema": 1, "as_of": .string(Releases.asOf), "maas": (version?.description).map(JSON.string),
      "tables": .object(tables.map { JSON.Member($0.id, table($0)) }),
    ]
    return report.text() + "\n"
  }

  /// A heading, a table with aligned columns and its source, for each table that has rows.
  package var text: String {
    let scope = version.map { "MAAS \($0)" } ?? "MAAS \(FactTables.lines.map(\.description).joined(separator: ", "))"
    return "\(scope), as of \(Releases.asOf); since and until name release lines, both included\n\n"
      + tables.filter { !$0.rows.isEmpty }.map { table in
        "\(table.title)\n\(aligned(table))" + (table.source.map { "source: \($0)\n" } ?? "")
      }.joined(separator: "\n")
  }

  private func table(_ table: FactTable) -> JSON {
    let rows = table.rows.map { row in
      JSON.object(zip(table.columns, row).compactMap { column, value in json(value).map { JSON.Member(column, $0) } })
    }
    return ["title": .string(table.title), "source": table.source.map(JSON.string), "rows": .array(rows)]
  }

  private func json(_ value: FactTable.Value) -> JSON? {
    switch value {
    case .none: nil
    case .text(let text): .string(text)
    case .integer(let number): .integer(number)
    case .flag(let flag): .bool(flag)
    case .list(let items): .array(items.map(JSON.string))
    }
  }

  private func aligned(_ table: FactTable) -> String {
    let lines = [table.columns.map { $0.replacing("_", with: " ") }] + table.rows.map { $0.map(words) }
    let widths = table.columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return "  " + trimmed(cells.joined(separator: "  ")) + "\n"
    }.joined()
  }

  private func words(_ value: FactTable.Value) -> String {
    switch value {
    case .none: ""
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .flag(let flag): flag ? "yes" : "no"
    case .list(let items): items.joined(separator: ", ")
    }
  }

  private func trimmed(_ line: String) -> String {
    String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
  }
}
