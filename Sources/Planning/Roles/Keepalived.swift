import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The virtual addresses, each on one host.
package enum KeepalivedRole {
  package static func plan(_ builder: inout PlanBuilder) {
    guard case .haproxy(let haproxy) = builder.topology.balancer, !haproxy.vips.isEmpty else { return }
    var previous: [Predecessor] = []
    for host in haproxy.hosts.map(\.value) {
      let level = builder.topology.level(of: .keepalived, on: host)
      guard level != .none else { continue }
      let setup = KeepalivedSetup(builder, haproxy, host)
      builder[host].files += setup.files(isInstalled: level == .full)
      builder[host].services.append(PlannedService("keepalived.service"))
      builder[host].probes += setup.holders.probes
      guard level == .full else { continue }
      builder[host].packages += ["keepalived"]
      previous = [.step(builder.add(setup.step(builder, after: previous), reaching: .balancer))]
    }
    guard let first = haproxy.hosts.map(\.value).first(where: { builder.isFull(.keepalived, on: $0) && builder.isFull(.haproxy, on: $0) }) else {
      return
    }
    builder.add(VirtualAddressHolders(builder, haproxy).step(builder, on: first, after: previous), reaching: .balancer)
  }
}

/// keepalived on one host.
struct KeepalivedSetup {
  let haproxy: HAProxy
  let host: HostID
  let holders: VirtualAddressHolders
  private let installed: [PlannedFile]

  static let dropInPath = "/etc/systemd/system/keepalived.service.d/maasc.conf"
  private static let note = "keepalived-runs"

  init(_ builder: PlanBuilder, _ haproxy: HAProxy, _ host: HostID) {
    self.haproxy = haproxy
    self.host = host
    holders = VirtualAddressHolders(builder, haproxy)
    let header = builder.header("haproxy.vips")
    let document = KeepalivedDocument(builder, haproxy, host)
    let origin = haproxy.vips.first?.span ?? haproxy.span
    let file = { (path: String, mode: UInt16, content: RenderedText) in
      PlannedFile(path: path, mode: mode, content: content, keyPath: "haproxy.vips", origin: origin)
    }
    var files = [
      file(KeepalivedDocument.aliveCheckPath, 0o755, document.aliveCheck.render()),
      file(KeepalivedDocument.path, 0o644, document.document.render(header: header)),
      file(Self.dropInPath, 0o644, ServiceDropIn.document(after: ["haproxy.service"]).render(header: header)),
    ]
    if !document.localPorts.isEmpty { files.insert(file(KeepalivedDocument.regionCheckPath, 0o755, document.regionCheck.render()), at: 0) }
    installed = files
  }

  func files(isInstalled: Bool) -> [PlannedFile] {
    installed.map { file in
      var file = file
      file.isInstalled = isInstalled
      return file
    }
  }

  /// keepalived cannot be asked what it runs, so a note is made after it took a configuration.
  func step(_ builder: PlanBuilder, after previous: [Predecessor]) -> Step {
    let runs: Shell = """
      unit_active keepalived.service
      systemctl is-enabled --quiet keepalived.service
      cmp -s \(KeepalivedDocument.path) "$STATE/"\(Self.note)
      """
    return Step(
      host: builder[host], phase: .balancer, name: "keepalived", title: "Set keepalived up",
      why: "The virtual address moves to another host within a second when this one, or its HAProxy, is lost.",
      after: builder.after(.packages(host), .proxies) + previous, check: .areCurrent(installed) + runs,
      apply: apply, verify: runs + holders.areAnswered,
      rollback: .lines(installed.map { "restore_file \($0.path)" } + ["systemctl daemon-reload", "systemctl reload-or-restart keepalived.service"]),
      caution: "Where this changes a running keepalived, the virtual address may move, which cuts the database connections that come through it.",
      origin: haproxy.span)
  }

  private var apply: Shell {
    .install(installed.filter { $0.path != KeepalivedDocument.path }) + """
      systemctl daemon-reload
      install_file \(KeepalivedDocument.path) root root 644 keepalived -t -f
      systemctl enable --quiet keepalived.service
      if unit_active keepalived.service; then systemctl reload keepalived.service; else systemctl restart keepalived.service; fi
      install -m 600 \(KeepalivedDocument.path) "$STATE/"\(Self.note)
      """
  }
}

/// Who holds each virtual address, asked of the HAProxy of every host.
struct VirtualAddressHolders {
  let vips: [VirtualAddress]
  let peers: [IPAddress]
  let port: Int

  init(_ builder: PlanBuilder, _ haproxy: HAProxy) {
    vips = haproxy.vips
    peers = haproxy.hosts.map { builder.topology[$0.value].address.value }
    port = builder.topology.haproxyPort().value
  }

  private var count: Shell {
    """
    holders() { # PATH: how many hosts say that they hold the address
      local peer peers count=0
      peers=(\(peers.map(\.bracketed)))
      for peer in "${peers[@]}"; do
        if curl -sgf -m 2 -o /dev/null "http://$peer:\(port)$1"; then count=$((count + 1)); fi
      done
      echo "$count"
    }
    """
  }

  /// HAProxy answers at every virtual address, from whichever host.
  var areAnswered: Shell {
    .lines(
      vips.map { vip in
        let address = vip.address.value.address
        let url = "http://\(address.bracketed):\(port)\(HAProxyDocument.livenessPath)"
        return "wait_until 20 \("nothing answers at the virtual address \(address)") curl -sgf -m 2 -o /dev/null \(url)"
      })
  }

  func step(_ builder: PlanBuilder, on host: HostID, after previous: [Predecessor]) -> Step {
    let single = vips.map { vip -> Shell in
      let path = HAProxyDocument.holderPath(of: vip)
      let complaint = "the virtual address \(vip.address.value.address) is not on exactly one host"
      return "held_once \(path) >/dev/null || wait_until 30 \(complaint) held_once \(path)"
    }
    let verify =
      count + """
        held_once() { [[ $(holders "$1") == 1 ]] || { echo "$(holders "$1") of \(raw: String(peers.count)) hosts hold it"; return 1; }; }
        """ + .lines(single)
    return Step(
      host: builder[host], phase: .balancer, name: "virtual-address", title: "See that each virtual address is on one host",
      why: "Two holders mean that the hosts do not hear each other (protocol 112 is blocked, or the virtual router ids differ).",
      after: builder.after(.proxies) + previous, check: "verify", apply: "true", verify: verify, origin: vips.first?.span ?? .none)
  }

  var probes: [Probe] {
    vips.map { vip in
      Probe(
        id: "keepalived.\(vip.address.value.address)", title: "one host holds the virtual address \(vip.address.value.address)",
        command: count + "holders \(HAProxyDocument.holderPath(of: vip))", expected: .equals("1"), origin: vip.span)
    }
  }
}
