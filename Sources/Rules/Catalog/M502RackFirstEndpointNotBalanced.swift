import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let rackFirstEndpointNotBalanced = Rule(
    502, "rack-first-endpoint-not-balanced", .error, .unwise,
    summary: "the first maas_url of a rack is one region, though there are several",
    why: """
      Since 3.5 the agent beside rackd dials only the host of the first `maas_url`, for Temporal and, from 3.6, for the internal API (MAAS \
      source, src/maasagent/cmd/maas-agent/main.go); the rest of the list serves rackd alone. When that region is down, the rack is connected \
      and yet cannot power or boot a machine. The first entry must be what stays when a region goes: the virtual address or the load balancer.
      """,
    examples: [
      .bad(
        "a region before the load balancer", as: .error,
        """
        racks:
          rack-a1: {maas_url: [⟦"http://10.20.0.11:5240/MAAS"⟧, "http://maas.prg.example.net/MAAS"]}
          rack-a2: {}
        """),
      .bad(
        "maas_url leads to the first of several regions", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦http://10.20.0.13:5240/MAAS⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "the load balancer first",
        """
        racks:
          rack-a1: {maas_url: ["http://maas.prg.example.net/MAAS", "http://10.20.0.11:5240/MAAS"]}
          rack-a2: {maas_url: ["http://10.20.0.10/MAAS"]}
        """),
      .good(
        "3.4 has no agent",
        """
        maas:
          version: "3.4"
          url: http://10.20.0.13:5240/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard topology.holdsAll([.regions, .racks]), topology.isIntact(.balancer), topology.regions.count > 1 else { return }
      let balanced = FrontEndHosts(topology)
      for rack in topology.racks {
        guard let first = rack.maasURLs.first, hasAgent(rack, context) else { continue }
        guard let region = region(at: first.value, context), !balanced.contains(first.value.host) else { continue }
        report.report(
          "the agent of \(context.name(rack.host.value)) would know only \(region)", at: first.span,
          notes: ["an agent dials the host of the first maas_url and no other"], help: "put \(topology.maasURL().value) first")
      }
      reportSharedURL(balanced, context, &report)
    })
}

private func hasAgent(_ rack: Rack, _ context: RuleContext) -> Bool {
  !Endpoints.agentPorts((rack.overrides.version ?? context.topology.maas.version).value).isEmpty
}

/// The name of the region host that a URL leads to.
private func region(at url: HTTPURL, _ context: RuleContext) -> String? {
  switch url.host {
  case .address(let address):
    context.index.hosts(with: address).first { context.index.region[$0.index] != nil }.map(context.name)
  case .name(let name):
    context.topology.regions.map(\.host.value).first { host in
      let known = context.topology[host].name.value
      return [known.description.lowercased(), known.short.lowercased()].contains(name.lowercased())
    }.map(context.name)
  }
}

/// The racks without a list of their own share `maas.url`: one finding for all of them.
private func reportSharedURL(_ balanced: FrontEndHosts, _ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  let url = topology.maasURL()
  guard !balanced.contains(url.value.host), balanced.isEmpty || region(at: url.value, context) != nil else { return }
  let racks = topology.racks.filter { $0.maasURLs.isEmpty && hasAgent($0, context) }
  guard let first = racks.first else { return }
  let target = region(at: url.value, context) ?? url.value.host.description
  report.report(
    "the agents of \(context.names(racks.map(\.host.value))) would know only \(target), which nothing balances", at: url.span ?? first.host.span,
    secondary: context.labels(topology.regions.map(\.host), "a region"), notes: ["an agent dials the host of the first maas_url and no other"],
    help: "put a load balancer with a virtual address in front: haproxy, or load_balancer.external")
}
