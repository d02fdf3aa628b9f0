extension FactTables {
  /// One row for each path and the release lines that have it.
  static func paths(_ scope: Scope) -> FactTable {
    FactTable(
      id: "paths", title: "Files", source: Paths.source, columns: ["file", "install", "path", "owner", "group", "since", "until"],
      rows: InstallKind.allCases.flatMap { install in pathNames.flatMap { rows($0.name, $0.path, install, scope) } })
  }

  private static let pathNames: [(name: String, path: @Sendable (Paths) -> String?)] = [
    ("regiond.conf", { $0.regiondConf }), ("rackd.conf", { $0.rackdConf }), ("secret", { $0.secret }), ("maas_id", { $0.maasID }),
    ("maas_uuid", { $0.maasUUID }), ("cluster certificates", { $0.certificates }), ("agent certificates", { $0.agentCertificates }),
    ("images", { $0.images }), ("agent.yaml", { $0.agent }), ("dhcpd.conf", { $0.dhcpdConf }), ("dhcpd6.conf", { $0.dhcpd6Conf }),
    ("snap mode", { $0.snapMode }), ("maas command", { $0.command }),
  ]

  /// Neighbouring lines with the same path make one row.
  private static func rows(_ name: String, _ path: (Paths) -> String?, _ install: InstallKind, _ scope: Scope) -> [[FactTable.Value]] {
    var runs: [(path: String, first: MAASVersion, last: MAASVersion)] = []
    for line in scope.lines where install == .snap || Releases.release(line)?.debUbuntu != nil {
      guard let text = path(Paths(install: install, version: line)) else { continue }
      if let run = runs.last, run.path == text {
        runs[runs.count - 1].last = line
      } else {
        runs.append((text, line, line))
      }
    }
    let owner = Paths(install: install, version: MAASVersion(3, 4))
    return runs.map { run in
      [.text(name), .text(install.rawValue), .text(run.path), .text(owner.owner), .text(owner.group), .init(run.first), .init(run.last)]
    }
  }
}
