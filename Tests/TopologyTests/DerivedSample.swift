import Diagnostics
import TestSupport
import Testing
import Topology

/// Three regions with HAProxy on two of them, a rack and a pair of PostgreSQL; each section can be exchanged.
func sample(
  maas: String = "{version: \"3.7\"}", regions: String = "{infra-1: {}, infra-2: {}, infra-3: {}}", racks: String = "{rack-1: {}}",
  postgresql: String = "{version: 16, mode: streaming, members: [db-1, db-2], database: {password: db}, replication: {password: db}}",
  balancer: String = "haproxy: {hosts: [infra-1, infra-2], vips: [{address: 10.20.0.10/24, interface: eth0}]}", more: String = ""
) throws -> Topology {
  let result = read(
    """
    schema: 1
    name: prague
    maas: \(maas)
    secrets: {db: {env: DB}, tls-cert: {file: /c}, tls-key: {file: /k}}
    hosts:
      infra-1: {address: 10.20.0.11}
      infra-2: {address: 10.20.0.12}
      infra-3: {address: 10.20.0.13}
      db-1: {address: 10.20.0.21, os: ubuntu-24.04}
      db-2: {address: 10.20.0.22}
      rack-1: {address: 10.20.0.31}
    regions: \(regions)
    racks: \(racks)
    postgresql: \(postgresql)
    \(balancer)
    \(more)
    """)
  return try #require(result.topology, "\(result.lines)")
}
