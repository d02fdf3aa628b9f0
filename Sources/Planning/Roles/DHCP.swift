import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// DHCP, VLAN by VLAN: no foreign server answers, then the primary, then the secondary, then both in state normal before the next change that
/// touches one of the racks; relays last.
package enum DHCPRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    if topology.level(of: .networks) != .none { DHCPReview.describe(&builder) }
    guard topology.level(of: .networks) == .full, !topology.regions.isEmpty else { return }
    let session = APISession(builder)
    let ready = builder.after(.racks)
    let probes = DHCPProbe.steps(after: ready, &builder)
    var last: [RackID: StepID] = [:]
    for vlan in topology.vlans {
      guard case .pair(let span, let primary, let secondary) = vlan.dhcp else { continue }
      let racks = [primary.value] + (secondary.map { [$0.value] } ?? [])
      let pair = DHCPPair(vlan, span, racks, builder)
      var after = ready + racks.compactMap { last[$0].map(Predecessor.step) }
      after += probes[primary.value].map { [.step($0)] } ?? []
      var step = pair.turnOn(session, builder, after: after)
      builder.add(step, reaching: .dhcpServers)
      if let normal = pair.bothNormal(builder, after: step.id) {
        step = normal
        builder.add(step, reaching: .dhcpServers)
      }
      for rack in racks { last[rack] = step.id }
    }
    relays(session, after: builder.after(.dhcpServers), &builder)
  }

  private static func relays(_ session: APISession, after: [Predecessor], _ builder: inout PlanBuilder) {
    for vlan in builder.topology.vlans {
      if let relay = vlan.relay {
        builder.add(DHCPSwitch(vlan, relay.span, .relay(to: builder.topology[relay.to.value])).step(session, builder, after: after), reaching: .dhcp)
      } else if case .off(let span) = vlan.dhcp {
        builder.add(DHCPSwitch(vlan, span, .off).step(session, builder, after: after), reaching: .dhcp)
      }
    }
  }
}
