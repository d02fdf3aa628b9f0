import Emission
import Foundation
import Testing

/// What an operator reads before the first command.
@Suite struct ReadmeTests {
  private func readme(_ name: String, _ change: (old: String, new: String)? = nil) throws -> String {
    var text = try #require(ExampleFile.all.first { $0.name == name }).text()
    if let change {
      try #require(text.contains(change.old))
      text = text.replacing(change.old, with: change.new)
    }
    return try #require(bundle(text).files.first { $0.path == "README.md" }).text
  }

  @Test(arguments: [
    ("split", "- MAAS 3.7 (snap `3.7/stable`) at `http://maas.prg.example.net/MAAS`\n"),
    (
      "split",
      "- PostgreSQL 16, `maasdb` at `10.20.0.10` port 5432: streaming replication between db-1, db-2; which is primary is found at run time\n"
    ),
    ("split", "- HAProxy on infra-1, infra-2, one of which holds `10.20.0.10`\n"),
    ("split", "- A backup every night on infra-3 in `/var/backups/maas`, 7 kept\n"),
    ("deb", "(Debian packages)"),
    ("brownfield", "- PostgreSQL 16, `maas` at `pg.corp.example.net` port 5432: run by others\n"),
    ("brownfield", "- Load balancer `maas.corp.example.net`, run by others\n"),
    ("brownfield", "- Only looked at, as `manage` says: maas, haproxy, keepalived, postgresql, firewall, packages\n"),
    ("minimal", "- No load balancer\n"),
  ])
  func itSaysWhatIsDeployed(example: String, line: String) throws { #expect(try readme(example).contains(line)) }

  @Test func aCommandCanBeCopied() throws {
    let text = try readme("split", ("[vault, kv, get, -field=password, maas/replication]", #"[pass, "my vault/it's"]"#))
    #expect(text.contains(#"| replication | `pass 'my vault/it'\''s'` |"#))
  }
}
