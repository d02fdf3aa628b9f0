import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// DHCP of one VLAN by its racks.
struct DHCPPair {
  let vlan: VLAN
  let span: Span
  let racks: [RackID]
  private let names: [String]
  private let hosts: [HostID]
  /// IPv4 addresses of the racks on the VLAN; empty where one has none.
  private let addresses: [IPAddress]

  init(_ vlan: VLAN, _ span: Span, _ racks: [RackID], _ builder: PlanBuilder) {
    self.vlan = vlan
    self.span = span
    self.racks = racks
    hosts = racks.map { builder.topology[$0].host.value }
    names = hosts.map { builder.topology.maasHostname(of: $0) }
    addresses = hosts.compactMap { host in builder.index.addresses(of: host, on: vlan.id).first { $0.family == .v4 } }
  }

  /// `dhcpd` serves IPv4 and `dhcpd6` IPv6, by the dynamic ranges.
  private var services: [String] {
    let dynamic = vlan.subnets.flatMap(\.ranges).filter { $0.kind.value == .dynamic }
    let families: [(IPAddress.Family, String)] = [(.v4, "dhcpd"), (.v6, "dhcpd6")]
    return families.filter { family in dynamic.contains { $0.start.value.family == family.0 } }.map(\.1)
  }

  /// One call for the primary, then one for the secondary: MAAS refuses a pair whose roles are exchanged in one call, and a secondary whose
  /// primary does not run (MAAS source, src/maasserver/forms/vlan.py).
  func turnOn(_ session: APISession, _ builder: PlanBuilder, after: [Predecessor]) -> Step {
    let note = VLANNote(vlan)
    let apply: Shell = """
      \(session.login)
      vlan=$(\(note.now))
      vlan_record \(note.name) "$vlan"
      primary=$(rack_id \(names[0]))
      vlan_update "$vlan" dhcp_on=true "primary_rack=$primary"
      \(running(names[0]))
      \(secondary)
      \(note.done)
      """
    let check: Shell = "\(session.login)\nvlan=$(\(note.now))\n\(isWanted)"
    return session.step(
      .dhcp, note.name, "Serve DHCP on \(vlan.fabric.value)/\(vlan.name.value) by \(names.joined(separator: " and "))",
      why: "The primary first and alone, so that machines have an answer while the secondary takes its copy of the leases.", after: after,
      check: check,
      apply: apply, verify: check + Shell.lines(names.map(running)), rollback: "\(session.login)\n\(note.replay)", timeout: 1800, origin: span,
      builder)
  }

  private var isWanted: Shell {
    let second: Shell = names.count > 1 ? "\"$(rack_id \(names[1]))\"" : "''"
    return """
      jq -e --arg primary "$(rack_id \(names[0]))" --arg secondary \(second) \\
        '.dhcp_on and .primary_rack == $primary and (.secondary_rack // "") == $secondary' <<<"$vlan" >/dev/null ||
        fail "MAAS has: $(jq -c '{dhcp_on, primary_rack, secondary_rack, relay_vlan: .relay_vlan.id}' <<<"$vlan")"
      """
  }

  private var secondary: Shell {
    guard names.count > 1 else {
      return """
        vlan_update "$vlan" secondary_rack=
        """
    }
    return """
      secondary=$(rack_id \(names[1]))
      vlan_update "$vlan" "secondary_rack=$secondary"
      \(running(names[1]))
      """
  }

  private func running(_ name: String) -> Shell {
    Shell.lines(services.map { "wait_until 300 \("MAAS does not hear that \($0) of \(name) runs") rack_runs \(name) \($0)" as Shell })
  }

  /// dhcpd writes the state of the pair, its own and its partner's, among the leases. There is no failover for IPv6.
  func bothNormal(_ builder: PlanBuilder, after: StepID) -> Step? {
    guard racks.count > 1, addresses.count == racks.count, services.contains("dhcpd") else { return nil }
    let host = MAASHost(builder.topology, hosts[0])
    let leases = host.paths.dhcpdConf.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/dhcp/dhcpd.leases"
    let normal: Shell = "failover_normal \(addresses[0]) \(host.paths.dhcpdConf) \(leases)"
    return Step(
      host: builder[hosts[0]], phase: .dhcp, name: "\(VLANNote(vlan).name).normal",
      title: "See both DHCP servers of \(vlan.fabric.value)/\(vlan.name.value) in state normal",
      why: "Only then does either answer for the other; the next change waits for it. After one was replaced, the other serves alone for an hour.",
      after: [.step(after)], check: normal,
      apply: "wait_until 600 'the DHCP servers do not agree' \(normal)", verify: normal, timeout: 900, origin: span)
  }
}

/// How steps name a VLAN, read it, and put it back.
struct VLANNote {
  let name: String
  private let fabric: String
  private let vid: Int

  init(_ vlan: VLAN) {
    name = "\(slug(vlan.fabric.value)).\(slug(vlan.name.value))"
    fabric = vlan.fabric.value
    vid = vlan.vidNumber
  }

  var now: Shell { "vlan_now \(fabric) \(vid)" }
  /// The attempt is over: what was recorded is the way back from here on.
  var done: Shell { "mv -f \"$STATE\"/vlans/\(name).before \"$STATE\"/vlans/\(name).last" }
  var replay: Shell { "vlan_replay \(name) \(fabric) \(vid)" }
}
