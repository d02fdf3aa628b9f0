import Diagnostics
import Formats
import NetworkTypes
import Topology

/// The racks that MAAS must list, each with its addresses on declared VLANs, as data in the bundle.
struct RackFile {
  static let path = "/var/lib/maasc/racks.json"
  let origin: Span
  private let content: JSON

  init(_ racks: [Rack], _ topology: Topology, _ index: TopologyIndex) {
    origin = racks.first?.span ?? .none
    content = .array(
      racks.map { rack in
        let host = rack.host.value
        let places = topology.vlans.flatMap { vlan in
          index.addresses(of: host, on: vlan.id).map { address -> JSON in
            ["address": .string(address.description), "fabric": .string(vlan.fabric.value), "vid": .integer(vlan.vidNumber)]
          }
        }
        return ["hostname": .string(topology.maasHostname(of: host)), "places": .array(places)]
      })
  }

  func planned(_ span: Span, at path: String) -> PlannedFile {
    var writer = TextWriter()
    writer.from(span) { $0.lines(content.text()) }
    return PlannedFile(path: path, policy: .preview, content: writer.finish(), keyPath: "racks", origin: span)
  }
}
