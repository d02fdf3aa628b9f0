import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let sharedBridgeAddress = Rule(
    309, "shared-bridge-address", .warning,
    summary: "several controllers carry the same address on a container bridge, which MAAS would take for an endpoint",
    why: """
      A region offers every address of its host to the racks. One that occurs on more than one region leads a rack to itself or to the wrong \
      region: racks then showed "12% connected" (LP 1727073). MAAS drops addresses that it sees twice, so a region whose remaining address \
      is the wrong one becomes invisible; bridges of docker also break named (LP 2041276, LP 1978024).
      """,
    examples: [
      .bad(
        "docker on two regions", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, interfaces: {docker0: {addresses: [⟦172.17.0.1/16⟧]}}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, interfaces: {docker0: {addresses: [172.17.0.1/16]}}}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "libvirt's bridge on a region and a rack", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, interfaces: {virbr0: {addresses: [⟦192.168.122.1/24⟧]}}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1:
            address: 10.20.0.31
            zone: row-a
            addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}
            interfaces: {virbr0: {addresses: [192.168.122.1/24]}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "the bridges are ignored",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, interfaces: {docker0: {addresses: [172.17.0.1/16], ignore: true}}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, interfaces: {docker0: {addresses: [172.17.0.1/16], ignore: true}}}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "docker on a region and on a database host",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, interfaces: {docker0: {addresses: [172.17.0.1/16]}}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, interfaces: {docker0: {addresses: [172.17.0.1/16]}}}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
    ],
    check: .topology { context, report in
      var carriers: [IPAddress: Int] = [:]
      var groups: [[(host: HostID, place: Span)]] = []
      let hosts = context.topology.hosts
      for position in hosts.indices where context.index.roles[position].isController {
        for interface in hosts[position].interfaces where !interface.ignore && interface.isContainerBridge {
          for address in interface.addresses {
            let group = carriers[address.value.address] ?? groups.count
            if group == groups.count {
              carriers[address.value.address] = group
              groups.append([])
            }
            groups[group].append((HostID(position), address.span))
          }
        }
      }
      for group in groups where group.count > 1 {
        report.report(
          "\(context.names(group.map(\.host))) carry one address, which racks would be sent to", at: group[0].place,
          secondary: group.dropFirst().map { Label($0.place, "and \(context.name($0.host))") },
          help: "set ignore: true on the bridges")
      }
    })
}
