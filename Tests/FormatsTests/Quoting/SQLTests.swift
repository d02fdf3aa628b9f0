import Formats
import Testing

/// The round trip through a server is in AcceptanceTests.
@Suite struct SQLTests {
  @Test(arguments: [("it's", "'it''s'"), ("", "''"), ("\\", "E'\\\\'"), ("a\\'b", "E'a\\\\''b'"), ("e\u{301}'", "'e\u{301}'''"), ("a\0b", "'ab'")])
  func literals(_ text: String, _ wanted: String) { #expect(SQL.literal(text) == wanted) }

  @Test(arguments: [("user", "\"user\""), ("we\"ird", "\"we\"\"ird\"")]) func identifiers(_ name: String, _ wanted: String) {
    #expect(SQL.identifier(name) == wanted)
  }

  @Test func statementsInterpolateByKind() {
    let condition: SQL = "rolname = \("o'neill")"
    let statement: SQL = "ALTER ROLE \(identifier: "o'neill") CONNECTION LIMIT \(5); SELECT \(true) WHERE \(condition)"
    #expect(statement.text == "ALTER ROLE \"o'neill\" CONNECTION LIMIT 5; SELECT true WHERE rolname = 'o''neill'")
  }
}
