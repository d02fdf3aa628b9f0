import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let vrrpClash = Rule(
    507, "vrrp-clash", .error,
    summary: "two virtual addresses of one layer 2 have the same virtual_router_id, or two installations one virtual address",
    why: """
      VRRP tells its groups apart by the id alone (RFC 5798, section 5.2.3): routers that hear advertisements of another group with their id \
      take it for a rival, so one of the two addresses flaps or stays on a host that should not have it. IPv4 and IPv6 are separate. An address \
      that two installations announce under unlike ids is held by both at once, and a client's neighbour table decides which one it meets. \
      Within a file it is an error; between files, whose networks are equal but may be separate, a warning.
      """,
    examples: [
      .bad(
        "one id for two addresses", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
            - {address: 10.20.0.9/24, interface: eth0, virtual_router_id: ⟦51⟧}
        """),
      .bad(
        "two installations on one network", as: .warning,
        """
        name: prague
        """,
        secondInstallation("{address: 10.20.0.110/24, interface: eth0, virtual_router_id: ⟦51⟧}")),
      .bad(
        "two installations at one address", as: .warning,
        """
        name: prague
        """,
        secondInstallation("{address: ⟦10.20.0.10/24⟧, interface: eth0, virtual_router_id: 52}")),
      .good(
        "an id each",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
            - {address: 10.20.0.9/24, interface: eth0, virtual_router_id: 52}
        """),
      .good(
        "IPv4 and IPv6",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
            - {address: "2001:db8:20::10/64", interface: eth0, virtual_router_id: 51}
        """),
      .good(
        "two installations, each with an address and an id",
        """
        name: prague
        """,
        secondInstallation("{address: 10.20.0.110/24, interface: eth0, virtual_router_id: 52}")),
      .good(
        "two interfaces",
        """
        hosts:
          infra-1: {address: 10.20.0.11, addresses: {provisioning: 10.30.0.11}, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, addresses: {provisioning: 10.30.0.12}, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
            - {address: 10.30.0.10/24, interface: eth1, virtual_router_id: 51}
        """),
    ],
    check: .across { contexts, report in
      var seen: [Medium: Holder] = [:]
      var owners: [IPAddress: Holder] = [:]
      for (file, context) in contexts.enumerated() {
        guard let haproxy = context.topology.haproxy else { continue }
        for vip in haproxy.vips {
          let id = context.topology.virtualRouterID(of: vip)
          let media = media(of: vip, id.value, file)
          let holder = Holder(file: file, name: context.topology.name.value, address: vip.address, place: id.span ?? vip.address.span)
          if let earlier = media.lazy.compactMap({ seen[$0] }).first {
            reportClash(id.value, holder, with: earlier, &report)
          } else if let owner = owners[vip.address.value.address], owner.file != file {
            reportSharedAddress(holder, with: owner, &report)
          }
          for medium in media where seen[medium] == nil { seen[medium] = holder }
          if owners[vip.address.value.address] == nil { owners[vip.address.value.address] = holder }
        }
      }
    })
}

/// A site beside the clean topology's, with this virtual address.
private func secondInstallation(_ vip: String) -> String {
  """
  schema: 1
  name: brno
  maas: {version: "3.7"}
  secrets: {database: {env: DATABASE_PASSWORD}}
  hosts:
    region-1: {address: 10.20.0.111}
    region-2: {address: 10.20.0.112}
  regions:
    region-1: {}
    region-2: {}
  racks:
    region-1: {}
  postgresql:
    mode: external
    external: {host: pg.brq.example.net}
    database: {password: database}
  haproxy:
    hosts: [region-1, region-2]
    vips: [\(vip)]
  """
}

/// Where two groups hear each other: a network, or an interface of the same hosts.
private enum Medium: Hashable {
  case network(IPNetwork, id: Int)
  case interface(String, IPAddress.Family, id: Int, file: Int)
}

private struct Holder {
  var file: Int
  var name: String
  var address: Located<InterfaceAddress>
  /// Of the id, where the file has one.
  var place: Span
}

private func media(of vip: VirtualAddress, _ id: Int, _ file: Int) -> [Medium] {
  let address = vip.address.value
  var result: [Medium] = address.prefixLength == address.address.family.bits ? [] : [.network(address.network, id: id)]
  if case .everywhere(let name) = vip.interface { result.append(.interface(name.value, address.address.family, id: id, file: file)) }
  return result
}

private func reportClash(_ id: Int, _ holder: Holder, with earlier: Holder, _ report: inout Reporter) {
  let isOneFile = holder.file == earlier.file
  let address = holder.address.value
  let isOneAddress = !isOneFile && address.address == earlier.address.value.address
  report.report(
    isOneFile
      ? "virtual_router_id \(id) stands for two addresses of one layer 2"
      : "\(earlier.name) has \(isOneAddress ? "\(address.address) with " : "")virtual_router_id \(id) on \(address.network) too", at: holder.place,
    as: isOneFile ? .error : .warning,
    secondary: earlier.place == holder.place ? [] : [Label(earlier.place, isOneFile ? "first here" : "in \(earlier.name)")],
    help: isOneAddress ? "give each installation an address and an id of its own" : "give each address an id of its own, 1 to 255")
}

/// Within one file it is M506.
private func reportSharedAddress(_ holder: Holder, with earlier: Holder, _ report: inout Reporter) {
  report.report(
    "\(earlier.name) has the virtual address \(holder.address.value.address) too", at: holder.address.span, as: .warning,
    secondary: [Label(earlier.address.span, "in \(earlier.name)")], help: "give each installation an address of its own")
}
