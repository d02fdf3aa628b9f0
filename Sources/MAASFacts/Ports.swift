/// Who talks to whom on which port. A firewall between controllers must let these through.
package enum Ports {
  package enum Transport: String, Sendable { case tcp, udp }

  package enum Party: String, Sendable {
    case clients, machines, racks, regions, monitoring, relays
    case balancer = "load balancer"
    case database = "PostgreSQL"
    /// Only within the host.
    case itself
    /// NTP servers and the like, outside of MAAS.
    case outside
  }

  package struct Use: Sendable {
    package let ports: ClosedRange<Int>
    package let transports: [Transport]
    package let from: [Party]
    /// Who listens.
    package let to: [Party]
    package let why: String
    package let lifespan: Lifespan
  }

  package static let source =
    "MAAS source, docs/reference/configuration-guides/configuration-tables.md, src/maasserver/templates, src/provisioningserver/templates, "
    + "src/maasserver/rpc/regionservice.py, src/maasserver/prometheus/service.py"

  // Numbers that other tables and the planner name.
  package static let api = Endpoints.api
  package static let internalAPI = 5242
  package static let rpc = 5250...5259
  package static let temporal = 5271
  package static let temporalInternal = 5272...5274
  package static let temporalMembership = 5281...5284
  package static let dhcpFailover = 647
  package static let rackHTTP = 5248
  package static let syslog = 5247
  package static let proxy = 8000
  package static let squid = 3128

  package static let table: [Use] = [
    row(api...api, [.tcp], [.clients, .racks, .machines, .balancer, .regions], [.regions], "API, UI and metadata; images between regions from 3.5"),
    row(internalAPI...internalAPI, [.tcp], [.racks, .balancer], [.regions], "internal API for the racks' agents, mutual TLS", .since(3, 6)),
    row(rpc, [.tcp], [.racks], [.regions], "RPC; every rack to every region, never through a load balancer"),
    row(temporal...temporal, [.tcp], [.racks, .balancer, .regions], [.regions], "Temporal front end", .since(3, 5)),
    row(temporalInternal, [.tcp], [.regions], [.regions], "Temporal between regions", .since(3, 5)),
    row(temporalMembership, [.tcp], [.regions], [.regions], "Temporal cluster membership", .since(3, 5)),
    row(Endpoints.tls...Endpoints.tls, [.tcp], [.clients, .balancer], [.regions], "API and UI with TLS, where it is turned on"),
    row(syslog...syslog, [.tcp, .udp], [.machines, .racks], [.racks, .regions], "syslog of machines, forwarded by racks (maas_syslog_port)"),
    row(rackHTTP...rackHTTP, [.tcp], [.machines], [.racks], "boot files and images"),
    row(5239...5239, [.tcp], [.monitoring], [.regions], "metrics of regiond"),
    row(5249...5249, [.tcp], [.monitoring], [.racks], "metrics of rackd"),
    row(5240...5240, [.udp], [.racks, .regions], [.racks, .regions], "multicast beacons that discover networks"),
    row(53...53, [.tcp, .udp], [.machines, .racks, .clients], [.racks, .regions], "DNS"),
    row(67...68, [.udp], [.machines, .relays], [.racks], "DHCP"),
    row(69...69, [.udp], [.machines], [.racks], "TFTP"),
    row(
      123...123, [.udp], [.machines, .racks, .regions], [.racks, .regions, .outside], "NTP: machines ask racks, racks regions, regions the outside"),
    row(dhcpFailover...dhcpFailover, [.tcp], [.racks], [.racks], "DHCP failover between the two racks of a VLAN"),
    row(squid...squid, [.tcp], [.machines, .racks], [.racks, .regions], "Squid"),
    row(proxy...proxy, [.tcp], [.machines, .racks], [.racks, .regions], "proxy for machines (maas_proxy_port)"),
    row(5432...5432, [.tcp], [.regions, .balancer, .database], [.database], "database and replication"),
    row(5238...5238, [.tcp], [.itself], [.itself], "Promtail, where it is turned on"),
    row(5241...5241, [.tcp], [.itself], [.itself], "internal"),
    row(5243...5246, [.tcp], [.itself], [.itself], "kept for MAAS"),
    row(7911...7912, [.tcp], [.itself], [.itself], "OMAPI of dhcpd and dhcpd6"),
    row(9000...9000, [.tcp], [.itself], [.itself], "metrics of Temporal", .since(3, 5)),
  ]

  package static func uses(_ version: MAASVersion) -> [Use] { table.filter { $0.lifespan.contains(version) } }

  private static func row(
    _ ports: ClosedRange<Int>, _ transports: [Transport], _ from: [Party], _ to: [Party], _ why: String, _ lifespan: Lifespan = .always
  ) -> Use {
    Use(ports: ports, transports: transports, from: from, to: to, why: why, lifespan: lifespan)
  }
}
