import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let relayConflict = Rule(
    607, "relay-conflict", .error,
    summary: "a DHCP relay leads nowhere, in a circle, or past a rack",
    why: """
      MAAS clears `relay_vlan` when DHCP is turned on, and takes neither a VLAN that relays to itself nor one that relays to a relay (MAAS \
      source, src/maasserver/forms/vlan.py). The switches' helper addresses must name both racks of the pair, else the relayed VLAN has no high \
      availability (MAAS manual, "Troubleshooting": both racks and two helper addresses).
      """,
    examples: [
      .bad(
        "relay and DHCP", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: ⟦provisioning⟧}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2, office: 10.50.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3, office: 10.50.0.3}}
        """),
      .bad(
        "to a VLAN without DHCP", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: ⟦bmc⟧}
        """),
      .bad(
        "to itself", as: .error,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: ⟦office⟧}
        """),
      .bad(
        "one helper for two racks", as: .warning,
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: provisioning, helpers: [⟦10.30.0.2⟧]}
        """),
      .good(
        "both racks",
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: provisioning, helpers: [10.30.0.2, 10.30.0.3]}
        """),
      .good(
        "helpers are not told",
        """
        fabrics:
          fabric-1:
            provisioning:
              vid: 100
              machines: 80
              subnets:
                10.30.0.0/24:
                  gateway: 10.30.0.1
                  ranges:
                    - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
              dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
            bmc:
              vid: 110
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
            office:
              vid: 120
              subnets:
                10.50.0.0/24:
                  gateway: 10.50.0.1
                  ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]
              relay: {to: provisioning}
        """),
    ],
    check: .eachVLAN { vlan, context, report in
      guard let relay = vlan.relay else { return }
      let topology = context.topology
      let target = topology[relay.to.value]
      guard topology.holdsAll(.racks), topology.isSound(vlan.span), topology.isSound(target.span) else { return }
      if let fault = fault(of: relay, on: vlan, to: target, topology) {
        report.report(fault.message, at: relay.to.span, secondary: [fault.label].compactMap { $0 }, help: fault.help)
      } else {
        reportHelpers(relay, target, context, &report)
      }
    })
}

private struct Fault {
  var message: String
  var label: Label?
  var help: String
}

private func fault(of relay: Relay, on vlan: VLAN, to target: VLAN, _ topology: Topology) -> Fault? {
  let name = vlan.name.value
  if target.id == vlan.id { return Fault(message: "\(name) relays to itself", help: "name the VLAN whose racks answer") }
  if case .pair(let span, _, _) = vlan.dhcp {
    return Fault(
      message: "\(name) has DHCP of its own and relays to \(target.name.value)", label: Label(topology.file.firstLine(of: span), "racks answer here"),
      help: "keep one of dhcp and relay")
  }
  if let next = target.relay {
    return Fault(
      message: "\(name) relays to \(target.name.value), which is a relay itself",
      label: Label(next.to.span, "and leads to \(topology[next.to.value].name.value)"), help: "relay to the VLAN whose racks answer")
  }
  guard case .pair = target.dhcp else {
    return Fault(
      message: "\(name) relays to \(target.name.value), where no rack serves DHCP", label: Label(target.name.span, "no dhcp here"),
      help: "relay to a VLAN with primary_rack and secondary_rack")
  }
  return nil
}

private func reportHelpers(_ relay: Relay, _ target: VLAN, _ context: RuleContext, _ report: inout Reporter) {
  guard case .pair(_, let primary, let secondary) = target.dhcp, let first = relay.helpers.first, let last = relay.helpers.last else { return }
  let helpers = relay.helpers.map(\.value)
  let missed = [primary, secondary].compactMap { $0 }.filter { rack in
    let addresses = context.index.addresses(of: context.topology[rack.value].host.value, on: target.id)
    return !addresses.isEmpty && !addresses.contains(where: helpers.contains)
  }
  guard !missed.isEmpty else { return }
  let names = context.names(missed.map { context.topology[$0.value].host.value })
  report.report(
    "the switches forward nothing to \(names)", at: first.span.union(last.span), as: .warning,
    secondary: missed.map { Label($0.span, "a rack that answers") }, help: "add an address of \(names) on \(target.name.value) to helpers")
}
