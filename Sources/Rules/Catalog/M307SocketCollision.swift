import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let socketCollision = Rule(
    307, "socket-collision", .error,
    summary: "two services of one host bind the same port of the same address",
    why: """
      MAAS' nginx binds 5240 on every address, IPv4 and IPv6 (MAAS source, regiond.nginx.conf.template), so HAProxy on a region host cannot \
      have that port; the further ones that it keeps for services of its own, 5241 to 5270 and from 3.7 to 5284 (MAAS source, \
      docs/reference/configuration-guides/configuration-tables.md), may be taken by its next release: a warning. PostgreSQL and \
      HAProxy's database front end meet on 5432; whoever starts second stays down, often only after the next reboot. What others run on a host is declared in `listens`.
      """,
    examples: [
      .bad(
        "HAProxy on a region host with the region's port", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net:5240/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          frontend: {port: ⟦5240⟧}
        """),
      .bad(
        "a registry on HAProxy's port", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04, listens: {registry: ⟦tcp/80⟧}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "the API's front end on the database's port", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net:5432/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          frontend: {port: ⟦5432⟧}
        """),
      .bad(
        "PostgreSQL on the port of its role check", as: .error,
        """
        postgresql:
          version: 16
          mode: streaming
          members: [db-1, db-2]
          port: ⟦23267⟧
          database: {password: database}
          replication: {password: replication}
        """),
      .bad(
        "HAProxy on a region host with a port that MAAS keeps", as: .warning,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          passthrough: [5242, ⟦5243⟧, 5271]
        """),
      .bad(
        "somebody else's on a region host", as: .warning,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04, listens: {exporter: ⟦tcp/5241⟧}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "the port above those that MAAS keeps, and one of them on a host without a region",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04, listens: {exporter: tcp/5285}}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04, listens: {exporter: tcp/5241}}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "a registry on a host without HAProxy",
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04, listens: {registry: tcp/80}}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .good(
        "PostgreSQL, HAProxy and MAAS on the same hosts",
        """
        postgresql:
          version: 16
          mode: streaming
          members: [infra-1, infra-2]
          database: {password: database}
          replication: {password: replication}
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: 10.20.0.12, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
    ],
    yieldsTo: [506],
    check: .topology { context, report in
      var collisions = Collisions(context.topology.file)
      var kept = KeptPorts(context)
      let hosts = context.topology.hosts
      for host in hosts.indices.map(HostID.init) where runsSeveralServices(context.index.roles[host.index], hosts[host.index].listens) {
        let sockets = context.topology.sockets(on: host, context.index)
        collisions.add(host, sockets)
        kept.add(host, sockets)
      }
      for collision in collisions.list {
        let (primary, other) = (collision.primary, collision.other)
        // Without its virtual address HAProxy would seem to want the port of every address.
        if !context.topology.holdsAll(.balancer), [primary.service, other.service].contains("HAProxy") { continue }
        let port = "\(primary.transport.rawValue) port \(collision.ports) of \(context.names(collision.hosts))"
        let isOne = primary.service == other.service
        report.report(
          isOne ? "two front ends of \(primary.service) want \(port)" : "\(primary.service) and \(other.service) both want \(port)",
          at: primary.span, secondary: [Label(context.topology.file.firstLine(of: other.span), "\(other.service) listens here")],
          help: isOne ? "move one to another port" : "move \(primary.service) to another port or host")
      }
      kept.report(context, &report)
    })
}

/// Ports of region hosts that no program of MAAS has, though MAAS keeps them for itself, in somebody else's hands.
private struct KeptPorts {
  private let maas: ClosedRange<Int>
  private let regions: [RegionID?]
  private var found: [(socket: BoundSocket, hosts: [HostID])] = []

  init(_ context: RuleContext) {
    maas = ReservedPorts(context.topology.servedVersion).maas
    regions = context.index.region
  }

  mutating func add(_ host: HostID, _ sockets: [BoundSocket]) {
    guard regions[host.index] != nil else { return }
    let own = sockets.filter { $0.service == "MAAS" }
    for socket in sockets where socket.service != "MAAS" && socket.transport == .tcp && maas.contains(socket.ports.first) {
      guard !own.contains(where: { $0.collides(with: socket) }) else { continue }
      if let known = found.firstIndex(where: { $0.socket == socket }) { found[known].hosts.append(host) } else { found.append((socket, [host])) }
    }
  }

  func report(_ context: RuleContext, _ report: inout Reporter) {
    for (socket, hosts) in found {
      report.report(
        "\(socket.service) wants port \(socket.ports) of \(context.names(hosts)), one of \(maas.lowerBound) to \(maas.upperBound), which MAAS keeps",
        at: socket.span, as: .warning, help: "choose a port above \(maas.upperBound)")
    }
  }
}

/// A host with one simple role and nothing else cannot collide with itself.
private func runsSeveralServices(_ roles: TopologyIndex.Roles, _ others: [Listener]) -> Bool {
  let number = roles.rawValue
  // HAProxy has several front ends, and PostgreSQL a role check or Patroni beside it.
  let isManifold = !roles.isDisjoint(with: [.haproxy, .postgresql])
  return isManifold || number & (number &- 1) != 0 || (!others.isEmpty && number != 0) || others.count > 1
}

/// One entry for each pair of services, however many ports and hosts they meet on.
private struct Collisions {
  struct Collision {
    var primary: BoundSocket
    var other: BoundSocket
    var hosts: [HostID]
    var ports: PortRange {
      PortRange(max(primary.ports.first, other.ports.first), min(primary.ports.last, other.ports.last))
    }
  }
  private(set) var list: [Collision] = []
  private let file: SourceFile

  init(_ file: SourceFile) { self.file = file }

  mutating func add(_ host: HostID, _ sockets: [BoundSocket]) {
    for (position, later) in sockets.enumerated() {
      for earlier in sockets[..<position] where mayMeet(earlier, later) && earlier.collides(with: later) {
        // The port that somebody wrote is the one to change.
        if names(later) || !names(earlier) { add(host, later, earlier) } else { add(host, earlier, later) }
      }
    }
  }

  /// What MAAS' own programs have twice is M702.
  private func mayMeet(_ one: BoundSocket, _ other: BoundSocket) -> Bool { one.service != other.service || one.service == "HAProxy" }

  /// Whether the place that asked for the socket names its port.
  private func names(_ socket: BoundSocket) -> Bool { file.text(within: socket.span).contains("\(socket.ports.first)") }

  private mutating func add(_ host: HostID, _ primary: BoundSocket, _ other: BoundSocket) {
    let known = list.firstIndex { known in
      let services = [known.primary.service, known.other.service]
      return (known.primary.span == primary.span || known.hosts == [host]) && services.contains(primary.service) && services.contains(other.service)
    }
    guard let known else { return list.append(Collision(primary: primary, other: other, hosts: [host])) }
    if !list[known].hosts.contains(host) { list[known].hosts.append(host) }
  }
}
