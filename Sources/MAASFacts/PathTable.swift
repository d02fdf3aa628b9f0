extension FactTables {
  /// One row for each path and the release lines that have it.
  static func paths(_ scope: Scope) -> FactTable {
    FactTable(
      id: "paths", title: "Files", source: Paths.source, columns: ["file", "install", "path", "owner", "group", "mode", "since", "until"],
      rows: InstallKind.allCases.flatMap { install in files.flatMap { rows($0, install, scope) } })
  }

  private struct File: Sendable {
    let name: String
    let path: @Sendable (Paths) -> String?
    /// Whether `owner`, `group` and `mode` are the file's.
    let isConfiguration: Bool

    init(_ name: String, isConfiguration: Bool = false, _ path: @escaping @Sendable (Paths) -> String?) {
      self.name = name
      self.isConfiguration = isConfiguration
      self.path = path
    }
  }

  private static let files: [File] = [
    File("regiond.conf", isConfiguration: true) { $0.regiondConf }, File("rackd.conf", isConfiguration: true) { $0.rackdConf },
    File("secret", isConfiguration: true) { $0.secret }, File("maas_id") { $0.maasID }, File("maas_uuid") { $0.maasUUID },
    File("cluster certificates") { $0.certificates }, File("agent certificates") { $0.agentCertificates }, File("images") { $0.images },
    File("agent.yaml") { $0.agent }, File("dhcpd.conf") { $0.dhcpdConf }, File("dhcpd6.conf") { $0.dhcpd6Conf }, File("snap mode") { $0.snapMode },
    File("maas command") { $0.command },
  ]

  /// Release lines in a row that have the file at one path.
  private struct Run {
    var path: String
    var lines: [MAASVersion]
  }

  private static func rows(_ file: File, _ install: InstallKind, _ scope: Scope) -> [[FactTable.Value]] {
    runs(file, install).filter { run in scope.version.map { run.lines.contains($0.line) } ?? true }.map { run in
      let paths = Paths(install: install, version: run.lines[0])
      let mode = "0" + String(paths.mode, radix: 8)
      let rights = [paths.owner, paths.group, mode].map { file.isConfiguration ? FactTable.Value.text($0) : .none }
      let since = run.lines.first == lines.first ? nil : run.lines.first
      let until = run.lines.last == lines.last ? nil : run.lines.last
      return [.text(file.name), .text(install.rawValue), .text(run.path)] + rights + [.init(since), .init(until)]
    }
  }

  private static func runs(_ file: File, _ install: InstallKind) -> [Run] {
    var runs: [Run] = []
    for line in lines where install == .snap || Releases.release(line)?.debUbuntu != nil {
      guard let path = file.path(Paths(install: install, version: line)) else { continue }
      if runs.last?.path == path {
        runs[runs.count - 1].lines.append(line)
      } else {
        runs.append(Run(path: path, lines: [line]))
      }
    }
    return runs
  }
}
