import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let duplicateBackend = Rule(
    504, "duplicate-backend", .error,
    summary: "one region stands twice in the back end",
    why: """
      A region that is listed twice gets twice the load, and its loss takes two servers away; `localhost` beside the address of the same host is \
      the usual way to it (the example in MAAS' manual, "Manage high availability", does so, and makes the file differ from host to host). \
      HAProxy accepts such a file.
      """,
    examples: [
      .bad(
        "one address twice", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          backends: {api-1: 10.20.0.11:5240, api-2: ⟦10.20.0.11:5240⟧, api-3: 10.20.0.13:5240}
        """),
      .bad(
        "localhost, on a host that is listed by its address", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          backends: {api-1: 10.20.0.11:5240, api-2: 10.20.0.12:5240, local: ⟦localhost:5240⟧}
        """),
      .bad(
        "a name and its address", as: .error,
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          backends: {api-1: 10.20.0.11:5240, api-2: 10.20.0.12:5240, api-3: ⟦infra-2:5240⟧}
        """),
      .good(
        "every region once",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
          backends: {api-1: 10.20.0.11:5240, api-2: infra-2:5240, api-3: 10.20.0.13:5240}
        """),
      .good(
        "the default",
        """
        haproxy:
          hosts: [infra-1, infra-2]
          vips:
            - {address: 10.20.0.10/24, interface: eth0, virtual_router_id: 51}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard let haproxy = topology.haproxy, let backends = haproxy.backends else { return }
      let servers = topology.haproxyBackends().value
      let local = haproxy.hosts.compactMap { context.index.region[$0.value.index] }
      var seen: [Key: Located<String>] = [:]
      for (backend, server) in zip(backends, servers) {
        let isLocal = HTTPURL.Host(server.host).isLocal
        let keys =
          isLocal ? local.map { Key.region($0, server.port) } : [server.region.map { .region($0, server.port) } ?? .host(server.host, server.port)]
        if let earlier = keys.lazy.compactMap({ seen[$0] }).first {
          report.report(
            isLocal
              ? "on one of the HAProxy hosts this server is \(earlier.value) once more"
              : "\(backend.name.value) is the same server as \(earlier.value)",
            at: backend.address.span, secondary: [Label(earlier.span, earlier.value)], help: "list every region once, by its address")
        } else {
          for key in keys { seen[key] = backend.name }
        }
      }
    })
}

private enum Key: Hashable {
  case region(RegionID, Int)
  case host(BackendServer.Host, Int)
}

extension HTTPURL.Host {
  fileprivate init(_ host: BackendServer.Host) {
    switch host {
    case .address(let address): self = .address(address)
    case .name(let name): self = .name(name)
    }
  }
}
