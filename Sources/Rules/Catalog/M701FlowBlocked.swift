import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let flowBlocked = Rule(
    701, "flow-blocked", .error,
    summary: "the site's own firewall, as declared, keeps hosts from each other",
    why: """
      With `firewall.manage: none` the entries of `allow` are the whole rule set of the site's own firewall. What this version needs between its \
      hosts is the table that `report/flows.csv` prints: RPC from every rack to every region, Temporal between regions since 3.5, the lease \
      exchange of two racks, the database (MAAS source, docs/reference/configuration-guides/configuration-tables.md; \
      canonical/maas-ansible-playbook PR 161 for the ports that were forgotten there). Without `allow` nothing is known about the firewall, and \
      the rule is silent.
      """,
    examples: [
      .bad(
        "the racks do not reach RPC", as: .error,
        """
        firewall: {allow: [{from: [10.20.0.0/24], tcp: [⟦1-5249, 5260-65535⟧], udp: [1-65535]}]}
        """),
      .bad(
        "the second rack is not among the sources", as: .error,
        """
        firewall: {allow: [{from: [10.20.0.0/27], tcp: [1-65535], udp: [1-65535]}, {from: [10.20.0.32/32], tcp: [⟦1-5270, 5272-65535⟧], udp: [1-65535]}]}
        """),
      .good(
        "everything between the hosts",
        """
        firewall: {allow: [{from: [10.20.0.0/24], tcp: [1-65535], udp: [1-65535]}]}
        """),
      .good(
        "the firewall is ours",
        """
        firewall: {manage: nftables, management: [10.9.0.0/24], allow: [{from: [10.20.0.0/24], tcp: [9100]}]}
        """),
      .good(
        "3.4 has no Temporal",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        firewall: {allow: [{from: [10.20.0.0/24], tcp: [1-5270, 5285-65535], udp: [1-65535]}]}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.rest) else { return }
      let firewall = context.topology.firewall
      guard !firewall.isManaged, !firewall.allow.isEmpty else { return }
      var blocked: [Blocked] = []
      var positions: [Flow.Service: Int] = [:]
      for flow in context.topology.flows(context.index) {
        guard case .host(let source) = flow.from, case .host(let target) = flow.to else { continue }
        let address = context.topology[source].address.value
        guard !firewall.admits(flow.service, from: address) else { continue }
        if let position = positions[flow.service] {
          blocked[position].add(source, target)
        } else {
          positions[flow.service] = blocked.count
          blocked.append(Blocked(flow, source, target))
        }
      }
      for entry in firewall.allow.indices {
        let lacking = blocked.filter { firewall.entry(for: context.topology[$0.sources[0]].address.value) == entry }
        if !lacking.isEmpty { reportLacking(lacking, firewall.allow[entry], context, &report) }
      }
    })
}

/// One entry that lets too little in is one finding, however many services it lacks.
private func reportLacking(_ blocked: [Blocked], _ entry: Firewall.Allowance, _ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  let places = blocked.map { entry.place($0.flow.service, topology.file) }
  let place = places.allSatisfy { $0 == places[0] } ? places[0] : topology.file.firstLine(of: entry.span)
  let first = blocked[0]
  let from = Label(topology[first.sources[0]].address.span, "comes from here")
  let services = blocked.map(\.flow.service.words)
  if blocked.count == 1 {
    let hosts = first.sources.count == 1 ? "\(topology[first.sources[0]].address.value)" : "these hosts"
    return report.report(
      "\(context.names(first.sources)) cannot reach \(services[0]) of \(context.names(first.targets))", at: place, secondary: [from],
      notes: [first.flow.why], help: "add \(services[0]) from \(hosts) to allow")
  }
  report.report(
    "\(services.count) services that these hosts need of each other are not let in", at: place, secondary: [from],
    notes: blocked.map { "\($0.flow.service.words) of \(context.names($0.targets)) from \(context.names($0.sources)): \($0.flow.why)" },
    help: "add \(services.joined(separator: ", ")) to allow")
}

/// All pairs of hosts that one service is kept from.
private struct Blocked {
  var flow: Flow
  var sources: [HostID]
  var targets: [HostID]
  private var known: (sources: Set<HostID>, targets: Set<HostID>)

  init(_ flow: Flow, _ source: HostID, _ target: HostID) {
    self.flow = flow
    sources = [source]
    targets = [target]
    known = ([source], [target])
  }

  mutating func add(_ source: HostID, _ target: HostID) {
    if known.sources.insert(source).inserted { sources.append(source) }
    if known.targets.insert(target).inserted { targets.append(target) }
  }
}

extension Firewall {
  /// The entry that a missing service of this source belongs to: the first that has the source, else the first of all.
  fileprivate func entry(for source: IPAddress) -> Int {
    allow.firstIndex { $0.from.contains { $0.value.contains(source) } } ?? 0
  }

  /// Whether the entries let every port of the service in; what has no ports cannot be said in `allow`.
  fileprivate func admits(_ service: Flow.Service, from address: IPAddress) -> Bool {
    guard let wanted = service.ports else { return true }
    let open = allow.filter { $0.from.contains { $0.value.contains(address) } }.flatMap { service.isTCP ? $0.tcp : $0.udp }
    var next = wanted.first
    for range in open.map(\.value).sorted(by: { $0.first < $1.first }) where range.first <= next { next = max(next, range.last + 1) }
    return next > wanted.last
  }
}

extension Firewall.Allowance {
  fileprivate func place(_ service: Flow.Service, _ file: SourceFile) -> Span {
    let ports = service.isTCP ? tcp : udp
    guard let first = ports.first, let last = ports.last else { return file.firstLine(of: span) }
    return first.span.union(last.span)
  }
}

extension Flow.Service {
  fileprivate var ports: PortRange? {
    switch self {
    case .tcp(let ports), .udp(let ports): ports
    case .vrrp, .icmp: nil
    }
  }

  fileprivate var isTCP: Bool {
    if case .tcp = self { true } else { false }
  }

  fileprivate var words: String {
    ports.map { "\(isTCP ? "tcp" : "udp") \($0.first == $0.last ? "port" : "ports") \($0)" } ?? "this"
  }
}
