import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The load balancer: the API, the agents' ports and the database behind addresses that outlive a host.
package enum HAProxyRole {
  package static func plan(_ builder: inout PlanBuilder) {
    guard case .haproxy(let haproxy) = builder.topology.balancer else { return }
    var previous: [Predecessor] = []
    for host in haproxy.hosts.map(\.value) {
      let level = builder.topology.level(of: .haproxy, on: host)
      guard level != .none else { continue }
      let setup = HAProxySetup(builder, haproxy, host)
      builder[host].files += setup.files(isInstalled: level == .full)
      builder[host].services.append(PlannedService("haproxy.service"))
      builder[host].probes += setup.probes(isOurs: level == .full)
      guard level == .full else { continue }
      builder[host].packages += ["haproxy", "socat"]
      previous = [.step(builder.add(setup.step(builder, after: previous), reaching: .proxies))]
    }
  }
}

/// HAProxy on one host.
struct HAProxySetup {
  let haproxy: HAProxy
  let host: HostID
  let port: Int
  let servesDatabase: Bool
  let text: RenderedText
  let revision: String
  let dropIn: RenderedText

  static let dropInPath = "/etc/systemd/system/haproxy.service.d/maasc.conf"

  init(_ builder: PlanBuilder, _ haproxy: HAProxy, _ host: HostID) {
    self.haproxy = haproxy
    self.host = host
    port = builder.topology.haproxyPort().value
    servesDatabase = builder.topology.haproxyBinds(on: host, builder.index).contains { $0.purpose == .database }
    (text, revision) = HAProxyDocument(builder, haproxy, host).render(header: builder.header("haproxy"))
    dropIn = ServiceDropIn.document(after: []).render(header: builder.header("haproxy"))
  }

  func files(isInstalled: Bool) -> [PlannedFile] {
    [
      PlannedFile(path: HAProxyDocument.path, content: text, keyPath: "haproxy", origin: haproxy.span, isInstalled: isInstalled),
      PlannedFile(path: Self.dropInPath, content: dropIn, keyPath: "haproxy", origin: haproxy.span, isInstalled: isInstalled),
    ]
  }

  func probes(isOurs: Bool) -> [Probe] {
    var probes = [
      Probe(
        id: "haproxy.api", title: "the API answers through this HAProxy",
        command: "curl -s -m 5 -o /dev/null -w '%{http_code}' \("http://127.0.0.1:\(port)/MAAS/rpc/")", expected: .equals("200"), origin: haproxy.span
      )
    ]
    guard isOurs else { return probes }
    probes.append(
      Probe(
        id: "haproxy.configuration", title: "HAProxy's worker runs this configuration", command: Self.ask + "running_revision",
        expected: .equals("maasc-\(revision)"), origin: haproxy.span))
    if servesDatabase {
      probes.append(
        Probe(
          id: "haproxy.primary", title: "HAProxy sees one primary", command: Self.says + Self.countPrimaries + "primaries", expected: .equals("1"),
          origin: haproxy.span))
    }
    return probes
  }

  func step(_ builder: PlanBuilder, after previous: [Predecessor]) -> Step {
    let isCurrent: Shell = """
      systemctl is-enabled --quiet haproxy.service
      runs
      """
    return Step(
      host: builder[host], phase: .balancer, name: "haproxy", title: "Set HAProxy up",
      why: "Clients, agents and database connections reach whichever region and whichever primary is alive.",
      after: builder.after(.packages(host), .databaseServer) + previous,
      check: .areCurrent(files(isInstalled: true)) + Self.ask + runsFunction + isCurrent,
      apply: Self.ask + runsFunction + apply, verify: Self.ask + runsFunction + verify,
      rollback:
        "restore_file \(HAProxyDocument.path)\nrestore_file \(Self.dropInPath)\nsystemctl daemon-reload\nsystemctl reload-or-restart haproxy.service",
      origin: haproxy.span)
  }

  private var runsFunction: Shell { "runs() { [[ $(running_revision) == \("maasc-\(revision)") ]]; }" }

  /// HAProxy checks the file before it takes its place. A worker that does not come up with it (a port that is taken, say) leaves the old one serving;
  /// then the old file comes back.
  private var apply: Shell {
    """
    install_file \(Self.dropInPath) root root 644
    systemctl daemon-reload
    install_file \(HAProxyDocument.path) root root 644 haproxy -c -f
    systemctl enable --quiet haproxy.service
    if unit_active haproxy.service; then systemctl reload haproxy.service; else systemctl restart haproxy.service; fi || true
    if ! (wait_until 20 "HAProxy's worker does not run the new configuration" runs); then
      restore_file \(HAProxyDocument.path)
      systemctl reload-or-restart haproxy.service || true
      fail "HAProxy refuses the new configuration while it starts; the old one is back. See: journalctl -n 50 -u haproxy.service"
    fi
    """
  }

  private var verify: Shell {
    let alive: Shell = """
      runs || fail "HAProxy runs another configuration: '$(running_revision)', not \(raw: revision)"
      curl -sf -m 2 -o /dev/null \("http://127.0.0.1:\(port)\(HAProxyDocument.livenessPath)") || fail \("HAProxy's front end does not answer on port \(port)")
      """
    guard servesDatabase else { return alive }
    return alive + Self.countPrimaries + """
      sees_primary() { [[ $(primaries) == 1 ]] || { echo "$(primaries) members are up as primary"; return 1; }; }
      sees_primary >/dev/null || wait_until 60 "HAProxy sees no primary" sees_primary
      """
  }

  /// What the worker says of itself, over its own socket.
  private static let says: Shell = """
    haproxy_says() { socat -t 5 - \("UNIX-CONNECT:\(HAProxyDocument.socket)") <<<"$1" 2>/dev/null; }
    """

  private static let ask: Shell =
    says + """
      running_revision() { haproxy_says "show info" | sed -n 's/^description: //p'; }
      """

  /// A star before the last check's result says that the next one has begun.
  private static let countPrimaries: Shell = """
    primaries() { haproxy_says "show stat" | awk -F, '$1 == "primary" && $2 != "BACKEND" && $18 ~ /^UP/ && $37 ~ /^(\\* )?L7OK/ { n++ } END { print n + 0 }'; }
    """
}

/// What both daemons of the balancer get from systemd: they come back at once, however often they die.
enum ServiceDropIn {
  static func document(after units: [UnitName]) -> SystemdUnit {
    SystemdUnit(sections: [
      .init(
        "Unit",
        [
          .init("StartLimitIntervalSec", .integer(0), comment: "Never give up: a host that is back must serve again."),
          .init("Wants", .units(["network-online.target"])), .init("After", .units(["network-online.target"] + units)),
        ]), .init("Service", [.init("Restart", .raw("always")), .init("RestartSec", .raw("200ms"))]),
    ])
  }
}
