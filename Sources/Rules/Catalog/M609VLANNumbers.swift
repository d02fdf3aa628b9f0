import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let vlanNumbers = Rule(
    609, "vlan-numbers", .error,
    summary: "a VLAN's number stands twice in its fabric or is out of range, or its MTU is",
    why: """
      MAAS takes VIDs from 0 to 4094, each once in a fabric, and an MTU from 552 to 65535 (MAAS source, src/maasserver/models/vlan.py). A rack \
      whose interface has another MTU than its VLAN drops large frames or tells machines a size that does not pass: a warning.
      """,
    examples: [
      .bad(
        "one number twice", as: .error,
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
              vid: ⟦100⟧
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "4095", as: .error,
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
              vid: ⟦4095⟧
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "a small MTU", as: .error,
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
              mtu: ⟦551⟧
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .bad(
        "an interface with jumbo frames", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {bmc: 10.40.0.3}, interfaces: {eth1: {vlan: provisioning, mtu: ⟦9000⟧, addresses: [10.30.0.3/24]}}}
        """),
      .good(
        "the limits",
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
              vid: 4094
              mtu: 552
              bmcs: 80
              subnets:
                10.40.0.0/24: {gateway: 10.40.0.1}
        """),
      .good(
        "one number in two fabrics",
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
          fabric-2:
            storage: {vid: 110}
        """),
    ],
    check: .several([
      .topology { context, report in
        for fabric in context.topology.fabrics { reportNumbers(of: fabric, context.topology, &report) }
      },
      .eachVLAN { vlan, _, report in
        guard let mtu = vlan.mtu, !NetworkLimits.mtu.contains(mtu.value) else { return }
        report.report(
          "MTU \(mtu.value) is out of range, allowed are \(NetworkLimits.mtu.lowerBound) to \(NetworkLimits.mtu.upperBound)", at: mtu.span,
          help: "use the MTU that the switches have")
      },
      .eachHost { host, context, report in
        for interface in host.interfaces { reportMTU(of: interface, host, context.topology, &report) }
      },
    ]))
}

private func reportNumbers(of fabric: Fabric, _ topology: Topology, _ report: inout Reporter) {
  var seen: [Int: VLANID] = Dictionary(minimumCapacity: fabric.vlans.count)
  for id in fabric.vlans {
    let number = topology[id].vidNumber
    let place = topology[id].vid?.span ?? topology[id].name.span
    if !NetworkLimits.vid.contains(number) {
      report.report(
        "\(number) is no VLAN number, they go from \(NetworkLimits.vid.lowerBound) to \(NetworkLimits.vid.upperBound)", at: place,
        help: "use the number that the switches have")
    } else if let other = seen.updateValue(id, forKey: number) {
      report.report(
        "\(topology[other].name.value) has VLAN number \(number) in \(fabric.name.value) already", at: place,
        secondary: [Label(topology[other].name.span, "the other VLAN")],
        help: "give each VLAN of a fabric its own vid; without one it is 0")
    }
  }
}

private func reportMTU(of interface: Interface, _ host: Host, _ topology: Topology, _ report: inout Reporter) {
  guard let mtu = interface.mtu, let id = interface.vlan?.value else { return }
  let expected = topology[id].mtu?.value ?? NetworkLimits.usualMTU
  guard mtu.value != expected else { return }
  let vlan = topology[id]
  guard topology.isSound(vlan.span) else { return }
  report.report(
    "\(interface.name.value) of \(host.name.value) has MTU \(mtu.value), \(vlan.name.value) \(expected)", at: mtu.span, as: .warning,
    secondary: [Label(vlan.mtu?.span ?? vlan.name.span, "MTU \(expected)")], help: "set one MTU for the VLAN and its interfaces")
}
