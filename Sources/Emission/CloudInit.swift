import Formats
import Planning

/// `cloud-init/<host>.yaml`: what of the host can be made at its first boot. Steps that come later find it done, or do it.
struct CloudInit {
  let host: HostPlan
  let plan: Plan
  /// Ours entirely, and without a secret.
  private let files: [PlannedFile]
  /// What packages read as they are installed.
  private let early: Set<String>

  init(host: HostPlan, plan: Plan, steps: [Step]) {
    self.host = host
    self.plan = plan
    files = host.files.filter { $0.policy == .whole && $0.isInstalled && !$0.holdsSecrets }
    early = Set(steps.filter { $0.phase <= .packages }.flatMap(\.installedPaths))
  }

  /// Nil where nothing is to be prepared, as on a host that is only looked at.
  func render() -> String? {
    if host.packages.isEmpty, files.isEmpty { return nil }
    let comment = ["Prepares \(host.name). Secrets, and all that needs other hosts, come with runbook/deploy.sh.", ScriptText.origin(plan)]
    return YAMLFile.text(
      first: "#cloud-config", comment: comment,
      [
        "package_update": host.packages.isEmpty ? nil : true,
        "packages": host.packages.isEmpty ? nil : .texts(host.packages),
        "write_files": files.isEmpty ? nil : .sequence(files.map { YAMLItem(entry($0)) }),
        "runcmd": commands.isEmpty ? nil : .sequence(commands.map { YAMLItem(.texts($0)) }),
      ])
  }

  /// Deferred until the packages are there, since they bring the owners; but for what the packages themselves read as they are installed.
  private func entry(_ file: PlannedFile) -> YAMLValue {
    [
      "path": .text(file.path),
      "owner": .text("\(file.owner):\(file.group)"),
      "permissions": .text("0" + String(file.mode, radix: 8)),
      "defer": early.contains(Shell.quote(file.path)) ? nil : true,
      "content": .block(file.content.text),
    ]
  }

  private var commands: [[String]] {
    let units = files.filter { $0.path.hasPrefix("/etc/systemd/system/") && $0.path.hasSuffix("nftables.service") }
      .compactMap { $0.path.split(separator: "/").last.map(String.init) }
    let sysctl = files.contains { $0.path.hasPrefix("/etc/sysctl.d/") } ? [["sysctl", "--system"]] : []
    let reload = files.contains { $0.path.hasPrefix("/etc/systemd/system/") } ? [["systemctl", "daemon-reload"]] : []
    return sysctl + reload + units.map { ["systemctl", "enable", "--now", $0] }
  }
}
