import Diagnostics
import Formats
import Topology

/// Kernel settings that HAProxy needs.
package enum SysctlRole {
  static let path = "/etc/sysctl.d/60-maasc.conf"
  private static let keys: [SysctlKey] = ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind"]

  package static func plan(_ builder: inout PlanBuilder) {
    guard case .haproxy(let haproxy) = builder.topology.balancer, !haproxy.vips.isEmpty else { return }
    for host in haproxy.hosts.map(\.value) {
      let level = builder.topology.level(of: .haproxy, on: host)
      guard level != .none else { continue }
      let file = file(builder, haproxy.vips[0].span, isInstalled: level == .full)
      builder[host].files.append(file)
      builder[host].probes += keys.map { key in
        Probe(id: "sysctl.\(key)", title: "\(key) is on", command: "sysctl -n \(key)", expected: .equals("1"), origin: file.origin)
      }
      if level == .full { builder.add(step(builder, host, file), reaching: .packages(host)) }
    }
  }

  private static func file(_ builder: PlanBuilder, _ origin: Span, isInstalled: Bool) -> PlannedFile {
    let settings = keys.map { key in
      SysctlConf.Setting(key, 1, comment: "HAProxy binds the virtual address also on the host that does not hold it.", origin: origin)
    }
    return PlannedFile(
      path: path, content: SysctlConf(settings: settings).render(header: builder.header("haproxy.vips")), keyPath: "haproxy.vips", origin: origin,
      isInstalled: isInstalled)
  }

  private static func step(_ builder: PlanBuilder, _ host: HostID, _ file: PlannedFile) -> Step {
    let isOn: Shell = .lines(keys.map { "[[ $(sysctl -n \($0)) == 1 ]]" })
    // In a container that may not write them, they may be on already.
    let turnOn: Shell = .lines(keys.map { "[[ $(sysctl -n \($0)) == 1 ]] || sysctl -q -w \("\($0)=1")" })
    return Step(
      host: builder[host], phase: .packages, name: "sysctl", title: "Let HAProxy bind addresses that this host does not hold",
      why: "Without it HAProxy would not start on the host that waits for the virtual address.", after: builder.after(.ready),
      check: .areCurrent([file]) + isOn, apply: .install([file]) + turnOn, verify: isOn, rollback: "restore_file \(path)",
      origin: file.origin)
  }
}
