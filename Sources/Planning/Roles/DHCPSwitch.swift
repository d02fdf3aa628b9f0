import Diagnostics
import Formats
import Topology

/// A VLAN without a DHCP server of its own: relayed to another one, or without DHCP.
struct DHCPSwitch {
  enum Target {
    case relay(to: VLAN)
    case off
  }
  let vlan: VLAN
  let span: Span
  let target: Target

  init(_ vlan: VLAN, _ span: Span, _ target: Target) {
    self.vlan = vlan
    self.span = span
    self.target = target
  }

  /// DHCP off first, in a call of its own: MAAS takes a relay only for a VLAN whose DHCP is off already, and by the database id of its target, not
  /// by its number (MAAS source, src/maasserver/forms/vlan.py).
  func step(_ session: APISession, _ builder: PlanBuilder, after: [Predecessor]) -> Step {
    let note = VLANNote(vlan)
    let read: Shell = "\(session.login)\nvlan=$(\(note.now))\n\(readTarget)"
    let check: Shell = """
      \(read)
      jq -e --arg target "$target" '(.dhcp_on | not) and (.relay_vlan.id // "" | tostring) == $target' <<<"$vlan" >/dev/null ||
        fail "MAAS has: $(jq -c '{dhcp_on, relay_vlan: .relay_vlan.id}' <<<"$vlan")"
      """
    let apply: Shell = """
      \(read)
      vlan_record \(note.name) "$vlan"
      vlan_update "$vlan" dhcp_on=false
      vlan_update "$vlan" "relay_vlan=$target"
      \(note.done)
      """
    return session.step(
      .dhcp, note.name, title, why: why, after: after, check: check, apply: apply, verify: check, rollback: "\(session.login)\n\(note.replay)",
      caution: "Machines on this VLAN get no lease while this changes.", origin: span, builder)
  }

  private var readTarget: Shell {
    switch target {
    case .relay(let other): "target=$(\(VLANNote(other).now) | jq -r .id)"
    case .off: "target="
    }
  }

  private var title: String {
    switch target {
    case .relay(let other): "Relay DHCP of \(vlan.fabric.value)/\(vlan.name.value) to \(other.fabric.value)/\(other.name.value)"
    case .off: "Turn DHCP off on \(vlan.fabric.value)/\(vlan.name.value)"
    }
  }

  private var why: String {
    switch target {
    case .relay: "MAAS answers what the switches forward; the relay itself is the switches' work."
    case .off: "Another server, or nobody, answers there."
    }
  }
}
