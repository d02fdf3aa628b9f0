import Formats
import NetworkTypes
import TestSupport
import Testing

/// Quoting rules of files whose daemons are asked in AcceptanceTests.
@Suite struct FieldTests {
  @Test(arguments: [
    (PgHBA.Line(.host, databases: [.named("maasdb")], users: [.named("maas")], from: .all, method: .trust), "host maasdb maas all trust"),
    (PgHBA.Line(.local, databases: [.named("all"), .all], users: [.named("a b")], method: .peer), "local \"all\",all \"a b\" peer"),
    (PgHBA.Line(.local, databases: [.written("\"all\"")], users: [.written("+ops")], method: .peer), "local \"all\" +ops peer"),
    (
      PgHBA.Line(.host, databases: [.written("@dbs")], users: [.all], from: .name(".example.net"), method: .written("ldap"), options: ["a=b c"]),
      "host @dbs all .example.net ldap \"a=b c\""
    ),
    (
      PgHBA.Line(.host, databases: [.all], users: [.all], from: .samenet, method: .reject, options: ["two\nlines"]),
      "host all all samenet reject \"twolines\""
    ),
  ]) func hbaLines(_ line: PgHBA.Line, _ wanted: String) { #expect(line.text == wanted) }

  @Test func aWordOfACommandIsNeverTwo() {
    var hostile = HostileText(seed: 6)
    for text in hostile.next(200) {
      let unit = SystemdUnit(sections: [.init("Service", [.init("ExecStart", .command(["/bin/true", text]))])])
      #expect(unit.render().text.utf8.count { $0 == 10 } == 2, "\(text.debugDescription)")
    }
  }

  @Test func anEmptyListMatchesNothing() {
    let chain = Nftables.Chain("input", rules: [.init([.source([]), .tcp([PortRange(1, 2)])], .accept), .init([.udp([])], .accept)])
    #expect(!Nftables(sets: [], chains: [chain]).render().text.contains("accept"))
  }

  @Test(arguments: [(300, "0.3"), (1000, "1"), (50, "0.05"), (1250, "1.25"), (10_000, "10")]) func advertisementIntervals(
    _ given: Int, _ wanted: String
  ) {
    var config = Samples.keepalived
    config.instances[0].advertInterval = Duration(milliseconds: given)
    #expect(config.render().text.contains("advert_int \(wanted)\n"))
  }
}
