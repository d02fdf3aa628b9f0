import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The wanted state of one fabric as data in the bundle: what the topology says, nothing where it says nothing.
struct FabricFile {
  let name: String
  let origin: Span
  private let content: JSON

  init(_ fabric: Fabric, _ topology: Topology) {
    name = fabric.name.value
    origin = fabric.name.span
    let fabrics = topology.fabrics.map { JSON.string($0.name.value) }
    content = ["fabric": .string(name), "declared": .array(fabrics), "vlans": .array(fabric.vlans.map { Self.vlan(topology[$0]) })]
  }

  var slug: String { Planning.slug(name) }
  var path: String { "/var/lib/maasc/networks/\(slug).json" }

  var planned: PlannedFile {
    var writer = TextWriter()
    writer.from(origin) { $0.lines(content.text()) }
    return PlannedFile(path: path, policy: .preview, content: writer.finish(), keyPath: "fabrics.\(name)", origin: origin)
  }

  private static func vlan(_ vlan: VLAN) -> JSON {
    [
      "name": .string(vlan.name.value), "vid": .integer(vlan.vidNumber), "mtu": (vlan.mtu?.value).map(JSON.integer),
      "space": (vlan.space?.value).map(JSON.string), "subnets": .array(vlan.subnets.map(subnet)),
    ]
  }

  private static func subnet(_ subnet: Subnet) -> JSON {
    let servers = subnet.dnsServers.map { JSON.string($0.value.description) }
    return [
      "cidr": .string(subnet.network.value.description), "gateway_ip": (subnet.gateway?.value.description).map(JSON.string),
      "dns_servers": servers.isEmpty ? nil : .array(servers), "ranges": .array(subnet.ranges.map(range)),
    ]
  }

  private static func range(_ range: SubnetRange) -> JSON {
    [
      "type": .string(range.kind.value.rawValue), "start_ip": .string(range.start.value.description), "end_ip": .string(range.end.value.description),
      "comment": (range.comment?.value).map(JSON.string),
    ]
  }
}
