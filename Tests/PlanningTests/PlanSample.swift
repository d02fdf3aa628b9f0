import Formats
import Planning
import TestSupport
import Testing
import Topology

/// Two HAProxy hosts, two regions (on the same hosts unless given otherwise), two racks, a pair of PostgreSQL; each section can be exchanged.
struct PlanSample {
  var version = "3.7"
  var maas = ""
  var hosts = ""
  var regions = "{lb-1: {}, lb-2: {}}"
  var postgresql = "{version: 16, mode: streaming, members: [db-1, db-2], database: {password: one}, replication: {password: two}}"
  var haproxy = "haproxy: {hosts: [lb-1, lb-2], vips: [{address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}]}"
  var more = ""

  var text: String {
    """
    schema: 1
    name: prague
    maas: {version: "\(version)"\(maas)}
    secrets: {one: {env: ONE}, two: {env: TWO}, certificate: {file: /c}, key: {file: /k}}
    hosts:
      lb-1: {address: 10.20.0.11}
      lb-2: {address: 10.20.0.12}
      region-1: {address: 10.20.0.13}
      region-2: {address: 10.20.0.14}
      db-1: {address: 10.20.0.21}
      db-2: {address: 10.20.0.22}
      rack-1: {address: 10.20.0.31, addresses: {boot: 10.30.0.2}}
      rack-2: {address: 10.20.0.32, addresses: {boot: 10.30.0.3}}
    \(hosts)
    regions: \(regions)
    racks: {rack-1: {}, rack-2: {}}
    postgresql: \(postgresql)
    \(haproxy)
    fabrics:
      f:
        boot:
          vid: 100
          machines: 20
          subnets:
            10.30.0.0/24: {ranges: [{type: dynamic, start: 10.30.0.100, end: 10.30.0.200}]}
          dhcp: {primary_rack: rack-1, secondary_rack: rack-2}
    \(more)
    """
  }

  func topology() throws -> Topology {
    let result = read(text)
    return try #require(result.topology, "\(result.lines)")
  }

  func plan() throws -> Plan { makePlan(try topology()) }
}

extension Plan {
  func host(_ name: String) throws -> HostPlan { try #require(hosts.first { $0.name == name }) }

  /// The text of a file on a host, nil where it gets none.
  func file(_ path: String, on host: String) throws -> String? { try self.host(host).files.first { $0.path == path }?.content.text }

  func step(_ id: String) -> Step? { steps.steps.first { $0.id.description == id } }
}

extension String {
  /// Lines without their indentation.
  var trimmedLines: [Substring] { split(separator: "\n").map { $0.drop { $0 == " " } } }
}
