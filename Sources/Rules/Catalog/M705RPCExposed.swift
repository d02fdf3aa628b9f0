import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let rpcExposed = Rule(
    705, "rpc-exposed", .warning,
    summary: "machine networks reach the RPC ports of a release that takes commands from anyone",
    why: """
      Ports 5250 to 5259 of a region took RPC commands without authentication (LP 2069094; MAAS source, docs/reference/release-notes.md names \
      the fixed releases). Only racks need them; machines, whose owners are not the operators, must not reach them.
      """,
    examples: [
      .bad(
        "3.5.0, and nothing said about a firewall", as: .warning,
        """
        maas:
          version: ⟦"3.5.0"⟧
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "machines are let in", as: .warning,
        """
        maas:
          version: "3.5.0"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        firewall: {manage: nftables, management: [10.9.0.0/24], allow: [{from: [⟦10.30.0.0/24⟧], tcp: [5240-5270]}]}
        """),
      .good(
        "3.5.1 has the fix",
        """
        maas:
          version: "3.5.1"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "a firewall that machines do not pass",
        """
        maas:
          version: "3.5.0"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        firewall: {manage: nftables, management: [10.9.0.0/24], allow: [{from: [10.30.0.0/24], tcp: [5240]}]}
        """),
    ],
    check: .topology { context, report in
      guard context.topology.holdsAll(.rest) else { return }
      let topology = context.topology
      guard let defect = KnownDefects.defect(2_069_094), let version = vulnerable(topology, defect) else { return }
      let fix = (defect.fix(for: version.value) ?? defect.fixedIn.first).map { "use \($0) or newer, or keep" } ?? "keep"
      let help = "\(fix) machine networks from ports \(Ports.rpc.lowerBound) to \(Ports.rpc.upperBound)"
      let networks = topology.vlans.filter { $0.machines != nil || $0.relay != nil || $0.hasDHCP }.flatMap(\.subnets).map(\.network)
      for entry in topology.firewall.allow where entry.tcp.contains(where: { $0.value.overlaps(Ports.rpc) }) {
        for source in entry.from {
          guard let network = networks.first(where: { $0.value.overlaps(source.value) }) else { continue }
          report.report(
            "machines of \(network.value) reach RPC, which MAAS \(version.value) does not authenticate", at: source.span,
            secondary: [Label(network.span, "machines"), Label(version.span, "this release")], notes: ["\(defect.what) (LP \(defect.bug))"],
            help: help)
        }
      }
      guard !topology.firewall.isManaged, topology.firewall.allow.isEmpty, !networks.isEmpty else { return }
      report.report(
        "MAAS \(version.value) takes RPC commands from anyone, and nothing here keeps machines from it", at: version.span,
        secondary: networks.map { Label($0.span, "machines") }, notes: ["\(defect.what) (LP \(defect.bug))"], help: help)
    })
}

/// The version of a region that has the defect: one below its line's fix, or of a line older than every fix.
private func vulnerable(_ topology: Topology, _ defect: KnownDefect) -> Located<MAASVersion>? {
  let versions = topology.regions.map { $0.overrides.version ?? topology.maas.version }
  return versions.first { version in
    defect.fix(for: version.value) != nil || defect.fixedIn.first.map { version.value.line < $0.line } ?? false
  }
}

extension VLAN {
  fileprivate var hasDHCP: Bool {
    if case .pair = dhcp { true } else { false }
  }
}

extension PortRange {
  fileprivate func overlaps(_ ports: ClosedRange<Int>) -> Bool { first <= ports.upperBound && ports.lowerBound <= last }
}
