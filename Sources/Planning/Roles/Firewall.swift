import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The hosts' packet filter: our own table beside whatever else is there, loaded last, and kept only when a new login proves that operators still
/// come in.
package enum FirewallRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let firewall = builder.topology.firewall
    guard firewall.isManaged, !firewall.management.isEmpty else { return }
    let hosts = builder.topology.hosts.map(\.id).filter { !builder.index.roles[$0.index].isEmpty && !builder.index.roles[$0.index].isOnlyVMHost }
    var settled: [Predecessor] = []
    for host in hosts {
      let level = builder.topology.level(of: .firewall, on: host)
      guard level != .none else { continue }
      let setup = FirewallSetup(builder, host)
      builder[host].files += setup.files(isInstalled: level == .full)
      builder[host].services.append(PlannedService(FirewallSetup.unit))
      builder[host].probes.append(setup.probe)
      guard level == .full else { continue }
      builder[host].packages.append("nftables")
      // One host after another, so that a mistake meets one; racks beyond the first are alike and go together.
      let isFurtherRack = builder.index.roles[host.index] == .rack && builder.topology.racks.first?.host.value != host
      let load = builder.add(setup.load(builder, after: settled))
      let keep = builder.add(setup.keep(builder, after: load), reaching: .firewall)
      if !isFurtherRack { settled = [.step(keep)] }
    }
    builder.cautions.append(
      "Each host's firewall is loaded for five minutes and stays only if deploy.sh logs in anew meanwhile: run it from an address of firewall.management."
    )
  }
}

/// The packet filter of one host.
struct FirewallSetup {
  let host: HostID
  let firewall: Firewall
  private let rules: PlannedFile
  private let service: PlannedFile
  private let dropIn: PlannedFile
  private let marker: String

  static let unit = "maasc-nftables.service"
  private static let unitPath = "/etc/systemd/system/\(unit)"
  private static let timer = "maasc-firewall-rollback"
  private static let patience = 300

  init(_ builder: PlanBuilder, _ host: HostID) {
    self.host = host
    firewall = builder.topology.firewall
    let header = builder.header("firewall")
    let (text, marker) = FirewallDocument(builder, host).render(header: header)
    self.marker = marker
    rules = PlannedFile(path: FirewallDocument.path, content: text, keyPath: "firewall", origin: firewall.span)
    dropIn = PlannedFile(
      path: "/etc/systemd/system/nftables.service.d/maasc.conf", content: Self.afterFlush.render(header: header), keyPath: "firewall",
      origin: firewall.span)
    service = PlannedFile(path: Self.unitPath, content: Self.document.render(header: header), keyPath: "firewall", origin: firewall.span)
  }

  func files(isInstalled: Bool) -> [PlannedFile] {
    [rules, service, dropIn].map { file in
      var file = file
      file.isInstalled = isInstalled
      return file
    }
  }

  var probe: Probe {
    Probe(
      id: "firewall.rules", title: "the kernel has these rules", command: isLoaded + "if is_loaded; then echo loaded; else echo different; fi",
      expected: .equals("loaded"), origin: firewall.span)
  }

  /// A start or reload of nftables.service flushes every table, ours too.
  private static let afterFlush: SystemdUnit = {
    let again = SystemdUnit.Value.toleratedCommand(["/usr/bin/systemctl", "--no-block", "restart", unit])
    return SystemdUnit(sections: [
      .init("Service", [.init("ExecStartPost", again, comment: "What this service just did flushed every table."), .init("ExecReload", again)])
    ])
  }()

  /// Before the network, and after nftables.service.
  private static let document = SystemdUnit(sections: [
    .init(
      "Unit",
      [
        .init("Description", .text("Packet filter of maasc")), .init("DefaultDependencies", .boolean(false)),
        .init("Wants", .units(["network-pre.target"])), .init("Before", .units(["network-pre.target", "shutdown.target"])),
        .init("After", .units(["local-fs.target", "nftables.service"])),
        .init("PartOf", .units(["nftables.service"])), .init("Conflicts", .units(["shutdown.target"])),
      ]),
    .init(
      "Service",
      [
        .init("Type", .raw("oneshot")), .init("RemainAfterExit", .boolean(true)),
        .init("ExecStart", .command(["/usr/sbin/nft", "-f", FirewallDocument.path])),
        .init("ExecReload", .command(["/usr/sbin/nft", "-f", FirewallDocument.path])),
        .init("ExecStop", .command(["/usr/sbin/nft", "delete", "table", "inet", "maasc"])),
      ]), .init("Install", [.init("WantedBy", .units(["sysinit.target"]))]),
  ])

  /// A namespace that nobody uses shows the file as nft prints it: so a rule that somebody added, changed or flushed by hand is seen too.
  private var isLoaded: Shell {
    """
    is_loaded() { # the kernel holds these rules, and no others in their table
      nft list chain inet maasc \(marker) >/dev/null 2>&1 || return 1
      cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"\(FirewallDocument.path))
    }
    """
  }

  /// Back to what was kept before: the file is written only once a login has proved the rules.
  private static let back =
    "if [ -e \(FirewallDocument.path) ]; then nft -f \(FirewallDocument.path); else nft delete table inet maasc; fi"

  /// Loads the rules from the bundle, with a timer that takes them back. After everything else that is done to any host: rules that are wrong
  /// must not be taken for a failure of something else.
  func load(_ builder: PlanBuilder, after: [Predecessor]) -> Step {
    let run: Shell = """
      nft -c -f "$FILES"\(FirewallDocument.path) || fail "nft refuses the rules; nothing was changed"
      systemctl stop \("\(Self.timer).timer") 2>/dev/null || true
      systemctl reset-failed \("\(Self.timer).service") 2>/dev/null || true
      systemd-run --quiet --collect --unit=\(Self.timer) --on-active=\(Self.patience) --timer-property=AccuracySec=1s /bin/sh -c \(Self.back)
      touch "$STATE/firewall-loaded"
      nft -f "$FILES"\(FirewallDocument.path)
      """
    return Step(
      host: builder[host], phase: .firewall, name: "load", title: "Load the packet filter, for five minutes",
      why: "A mistake in it could lock everybody out; so it goes away by itself unless the next step gets in.",
      after: after + builder.after(.packages(host), .tls), check: isLoaded + "is_loaded", apply: run, verify: isLoaded + "is_loaded",
      rollback: """
        systemctl stop \("\(Self.timer).timer") 2>/dev/null || true
        \(raw: Self.back)
        """,
      caution: "Connections that the topology does not name are refused from here on.", origin: firewall.span)
  }

  /// A connection from before would have come in whatever the rules say.
  func keep(_ builder: PlanBuilder, after load: StepID) -> Step {
    let isKept: Shell = """
      is_loaded
      systemctl is-enabled --quiet \(Self.unit)
      unit_active \(Self.unit)
      ! systemctl is-active --quiet \("\(Self.timer).timer") || return 1
      """
    let run: Shell = """
      is_loaded || fail "the rules are not in force any more: no new login came within \(Self.patience) seconds. Run \(raw: load.description) again"
      age=$(login_age)
      loaded=$(($(date +%s) - $(stat -c %Y "$STATE/firewall-loaded")))
      [[ -z $age ]] || ((age <= loaded)) || fail "this ssh connection is older than the rules, so it proves nothing: log in anew and run this step again"
      install_file \(rules.path) root root 644
      install_file \(service.path) root root 644
      install_file \(dropIn.path) root root 644
      systemctl daemon-reload
      systemctl enable --quiet \(Self.unit)
      systemctl restart \(Self.unit)
      systemctl stop \("\(Self.timer).timer") 2>/dev/null || true
      """
    return Step(
      host: builder[host], phase: .firewall, name: "keep", title: "Keep the packet filter, now that a new login came through",
      why: "The login that runs this step was made after the rules were loaded; only now are they loaded at boot too.", after: [.step(load)],
      check: isLoaded + .areCurrent([rules, service, dropIn]) + isKept, apply: isLoaded + Self.loginAge + run, verify: isLoaded + isKept,
      rollback: """
        systemctl disable --now \(Self.unit)
        restore_file \(rules.path)
        restore_file \(service.path)
        restore_file \(dropIn.path)
        systemctl daemon-reload
        """,
      needsNewLogin: true, origin: firewall.span)
  }

  private static let loginAge: Shell = """
    login_age() { # seconds since the ssh connection of this step was made; nothing on a console
      local pid=$$
      while ((pid > 1)); do
        if [[ $(<"/proc/$pid/comm") == sshd* ]]; then
          ps -o etimes= -p "$pid" | tr -d ' '
          return
        fi
        pid=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")
      done
    }
    """
}
