import Diagnostics
import Formats
import TestSupport
import Testing

/// What a real PostgreSQL makes of quoted values.
@Suite struct DatabaseRoundTrips {
  /// Starts a server with the settings and access lines, and gives back what `query` prints: one JSON value.
  private func ask(_ query: SQL, settings: PostgreSQLConf = PostgreSQLConf(settings: []), hba: PgHBA? = nil) throws -> JSON {
    let files = [HostFile("/etc/test.sql", query.text), HostFile("/etc/test.conf", settings.render().text)]
    let access = hba.map { [HostFile("/etc/test_hba.conf", $0.render().text)] } ?? []
    let start = Daemons.start("include '/etc/test.conf'\n", hba == nil ? "" : "-c hba_file=/etc/test_hba.conf")
    let ask: Shell = "as_postgres psql -X -At -v ON_ERROR_STOP=1 -h /tmp -d postgres -f /etc/test.sql"
    // A check that fails says its output: the answer comes back as a complaint.
    let complaints = try Room.judge(files + access, by: [Check(title: "answer", code: start + ask + "exit 1")])
    let answer = try #require(complaints.first).dropFirst("answer: ".count)
    return try JSON(parsing: Array(answer.utf8))
  }

  /// A text in PostgreSQL has no NUL, and psql reads `\` at the start of nothing but its own commands.
  private static let texts: [String] = {
    var hostile = HostileText(seed: 8)
    return hostile.next(300) + ["'", "\\", "\\'", "''", "$$", "E'\\''"]
  }()

  @Test func everyTextAndNameComesBack() throws {
    let columns = Self.texts.enumerated().map { "(\($0.offset), \(SQL.literal($0.element)))" }.joined(separator: ", ")
    let names = Self.texts.filter { !$0.isEmpty && $0.utf8.count < 64 }
    let aliases = Dictionary(names.map { ($0, 1) }) { first, _ in first }.keys.sorted()
    let fields = aliases.map { "1 AS \(SQL.identifier($0))" }.joined(separator: ", ")
    let query: SQL = """
      SELECT json_build_object('texts', (SELECT json_agg(t ORDER BY i) FROM (VALUES \(SQL(raw: columns))) AS v(i, t)),
        'names', (SELECT json_agg(key) FROM (SELECT \(SQL(raw: fields))) AS r, json_each(to_json(r))));
      """
    let answer = try ask(query)
    #expect(answer["texts"]?.array?.compactMap(\.string) == Self.texts)
    #expect(answer["names"]?.array?.compactMap(\.string) == aliases)
  }

  @Test func everySettingComesBack() throws {
    let settings = Self.texts.enumerated().map { PostgreSQLConf.Setting(PostgreSQLName(sanitizing: "maasc.t\($0.offset)"), .text($0.element)) }
    let values = settings.map { "current_setting('\($0.name)')" }.joined(separator: ", ")
    // Arguments of a function are limited to 100.
    let query: SQL = "SELECT to_json(ARRAY[\(SQL(raw: values))]);"
    #expect(try ask(query, settings: PostgreSQLConf(settings: settings)).array?.compactMap(\.string) == Self.texts)
  }

  @Test func everyNameInPgHBAComesBack() throws {
    // A line cannot hold a line break; quoting drops them.
    let names = Self.texts.filter { text in !text.isEmpty && text.unicodeScalars.allSatisfy { LineText(String($0)) != nil } }
    let lines = names.map { PgHBA.Line(.local, databases: [.named($0)], users: [.named($0)], method: .trust) }
    let first = PgHBA.Line(.local, databases: [.all], users: [.all], method: .peer)
    let query: SQL = "SELECT json_agg(database || user_name ORDER BY line_number) FROM pg_hba_file_rules WHERE line_number > 1;"
    let answer = try ask(query, hba: PgHBA(lines: [first] + lines))
    #expect(answer.array?.map { $0.array?.compactMap(\.string) ?? [] } == names.map { [$0, $0] })
  }
}
