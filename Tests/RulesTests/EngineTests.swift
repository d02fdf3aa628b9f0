import Diagnostics
import Rules
import Testing

@Suite struct EngineTests {
  private func fired(_ edits: String...) -> [String] {
    let checked = CheckedExample(edits.map(ExampleBase.compose))
    return checked.findings.map { "\($0.rule)" }
  }

  private let smallServer = """
    postgresql:
      version: 16
      mode: streaming
      members: [db-1, db-2]
      max_connections: 100
      database: {password: database}
      replication: {password: replication}

    """

  @Test("a mistake in another section does not silence a rule that counts") func intactSections() {
    #expect(fired(smallServer + "firewall: {manage: sometimes}") == ["M402", "M105"])
  }

  @Test("a mistake in a section that a rule counts silences it") func brokenSections() {
    #expect(fired("regions:\n  infra-1: {num_workers: 4}\n  infra-9: {num_workers: 4}\n") == ["M106"])
    #expect(fired(smallServer + "regions:\n  infra-1: {}\n  infra-2: {}\n  infra-3: {num_worker: 4}\n") == ["M103"])
  }

  @Test("one defect gives one finding: the specific rule's") func yielding() {
    let version = { (text: String) in
      "maas:\n  version: \(text)\n  url: http://maas.prg.example.net/MAAS\n  admin: {username: admin, email: a@b.cz, password: admin}\n"
    }
    // 3.6.0 has known defects (M203) and breaks rolling upgrades (M208).
    #expect(fired(version("3.6.0")) == ["M208"])
    #expect(fired(version("3.6.2")) == ["M203"])
    // Two kinds of package in one MAAS (M202), here on one host (M204).
    #expect(fired("racks:\n  rack-a1: {}\n  rack-a2: {}\n  infra-3: {install: deb}\n") == ["M204"])
    // A number of workers that cannot be makes no other number wrong.
    #expect(fired("regions:\n  infra-1: {num_workers: 40}\n  infra-2: {}\n  infra-3: {}\n" + smallServer.replacing("100", with: "320")) == ["M401"])
  }

  @Test("rules that look across see all files, and a file given twice is not two") func across() {
    let other = """
      schema: 1
      name: brno
      maas: {version: "3.7", url: http://maas.brq.example.net/MAAS}
      secrets: {database: {env: DATABASE_PASSWORD}}
      hosts:
        region-1: {address: 10.21.0.11, macs: ["52:54:00:12:34:56"]}
        region-2: {address: 10.21.0.12}
        rack-1: {address: 10.21.0.31}
        rack-2: {address: 10.21.0.32}
      regions: {region-1: {}, region-2: {}}
      racks: {rack-1: {}, rack-2: {}}
      postgresql: {version: 16, external: {host: pg.brq.example.net}, database: {password: database}}

      """
    let base = ExampleBase.text.replacing("db-2: {address: 10.20.0.22,", with: "db-2: {address: 10.20.0.22, macs: [\"52:54:00:12:34:56\"],")
    #expect(CheckedExample([base]).findings.isEmpty)
    #expect(!CheckedExample([other]).findings.contains { $0.rule == RuleID(303) })
    #expect(CheckedExample([base, other]).findings.filter { $0.rule == RuleID(303) }.count == 1)
  }
}
