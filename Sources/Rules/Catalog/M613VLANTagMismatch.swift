import Diagnostics
import Topology

extension Rule {
  static let vlanTagMismatch = Rule(
    613, "vlan-tag-mismatch", .error,
    summary: "a host's interface and its VLAN disagree on the tag",
    why: """
      The name of a VLAN interface says which tag its frames carry, `bond0.100` the tag 100. On a VLAN with another number MAAS puts the rack on \
      the wrong VLAN, and its DHCP answers where nobody asks (MAAS source, src/maasserver/forms/vlan.py: racks are offered by VID; \
      python-libmaas issue 259).
      """,
    examples: [
      .bad(
        "another tag", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {bmc: 10.40.0.3}, interfaces: {bond0.101: {vlan: ⟦provisioning⟧, addresses: [10.30.0.3/24]}}}
        """),
      .bad(
        "untagged, by a name with a tag", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {bmc: 10.40.0.3}, interfaces: {bond0.100: {vlan: provisioning, tagged: ⟦false⟧, addresses: [10.30.0.3/24]}}}
        """),
      .bad(
        "a tag for the untagged VLAN", as: .error,
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
            native:
              subnets: {10.60.0.0/24: {}}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}, interfaces: {eth3: {vlan: native, tagged: ⟦true⟧, addresses: [10.60.0.3/24]}}}
        """),
      .good(
        "the VLAN's tag",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {bmc: 10.40.0.3}, interfaces: {bond0.100: {vlan: provisioning, addresses: [10.30.0.3/24]}}}
        """),
      .good(
        "an access port",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {bmc: 10.40.0.3}, interfaces: {ens5: {vlan: provisioning, tagged: false, addresses: [10.30.0.3/24]}}}
        """),
    ],
    check: .eachHost { host, context, report in
      for interface in host.interfaces { reportTag(of: interface, host, context.topology, &report) }
    })
}

private func reportTag(of interface: Interface, _ host: Host, _ topology: Topology, _ report: inout Reporter) {
  guard let reference = interface.vlan else { return }
  let number = topology[reference.value].vidNumber
  let tag = interface.tagOfName
  if let tagged = interface.tagged, tagged.value ? number == 0 : tag != nil {
    let vlan = topology[reference.value]
    report.report(
      tagged.value ? "\(vlan.name.value) is the untagged VLAN of its fabric" : "\(interface.name.value) carries a tag by its name",
      at: tagged.span,
      secondary: [tagged.value ? vlan.numberLabel : Label(interface.name.span, "the name")],
      help: "set tagged: \(!tagged.value), or correct the \(tagged.value ? "vid" : "name")")
  } else if let tag, tag != number {
    let vlan = topology[reference.value]
    report.report(
      "\(interface.name.value) of \(host.name.value) carries tag \(tag), \(vlan.name.value) is \(number)", at: reference.span,
      secondary: [vlan.numberLabel], help: "name the VLAN with number \(tag), or the interface with tag \(number)")
  }
}

extension VLAN {
  fileprivate var numberLabel: Label { Label(vid?.span ?? name.span, "VLAN number \(vidNumber)") }
}

extension Interface {
  /// 100 for `bond0.100`.
  fileprivate var tagOfName: Int? {
    let parts = name.value.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 ? Int(parts[1]) : nil
  }
}
