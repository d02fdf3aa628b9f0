import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let broadcastAddress = Rule(
    513, "broadcast-address", .error,
    summary: "two regions would tell Temporal the same address, or leave it to detection beside a virtual address",
    why: """
      Since 3.5 the regions form a Temporal cluster, and each tells the others where to dial it. Left out, MAAS takes the source address on the \
      way to `maas_url`, which on the host that holds the virtual address is the virtual address itself (MAAS source, \
      src/maasserver/regiondservices/temporal.py, LP 2058625); after a failover two regions claim it. The planner writes each region's own \
      address, unless `manage` keeps it from doing so.
      """,
    examples: [
      .bad(
        "one address for two regions", as: .error,
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4, broadcast_address: ⟦10.20.0.11⟧}
          infra-3: {num_workers: 4}
        """),
      .bad(
        "the virtual address", as: .error,
        """
        regions:
          infra-1: {num_workers: 4, broadcast_address: ⟦10.20.0.10⟧}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        """),
      .bad(
        "MAAS is only observed", as: .warning,
        """
        regions:
          ⟦infra-1⟧: {num_workers: 4}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        manage: {maas: observe}
        """),
      .good(
        "each its own",
        """
        regions:
          infra-1: {num_workers: 4, broadcast_address: 10.20.0.11}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        """),
      .good(
        "3.4 has no Temporal",
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        manage: {maas: observe}
        """),
    ],
    check: .topology { context, report in
      let topology = context.topology
      guard topology.regions.count > 1 else { return }
      let vips = topology.haproxy?.vips ?? []
      var owners: [IPAddress: Region] = [:]
      for region in topology.regions {
        guard let address = topology.broadcastAddress(of: region) else { continue }
        let owner = owners.updateValue(region, forKey: address.value)
        if let vip = vips.first(where: { $0.address.value.address == address.value }), let span = address.span {
          report.report(
            "\(address.value) is a virtual address: two regions have it after a failover", at: span,
            secondary: [Label(vip.address.span, "moves between hosts")],
            help: "use \(topology[region.host.value].address.value), the region's own",
            fix: [TextEdit(span, "\(topology[region.host.value].address.value)")])
        } else if let owner, let span = address.span ?? owner.broadcastAddress?.span {
          report.report(
            "\(context.names([owner.host.value, region.host.value])) would both tell the others \(address.value)", at: span,
            secondary: [Label(address.span == nil ? region.host.span : owner.host.span, "the other one")], help: "give each region its own address")
        }
      }
      reportDetection(context, &report)
    })
}

/// Regions whose regiond.conf we may not write, on hosts that may hold the virtual address.
private func reportDetection(_ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  guard let haproxy = topology.haproxy, let vip = topology.serviceAddress else { return }
  let holders = Set(haproxy.hosts.map(\.value))
  let regions = topology.regions.filter { region in
    holders.contains(region.host.value) && topology.level(of: .maas, on: region.host.value) != .full && region.broadcastAddress == nil
      && topology.broadcastAddress(of: region) != nil && !region.overrides.options.contains { $0.name.value == "broadcast_address" }
  }
  guard let first = regions.first else { return }
  report.report(
    "\(context.names(regions.map(\.host.value))) may take the virtual address for its own, which others then dial", at: first.host.span,
    as: .warning, secondary: [Label(vip.address.span, "on whichever host holds it")] + context.labels(regions.dropFirst().map(\.host), "here too"),
    help: "set broadcast_address to the region's own address in its regiond.conf, and here")
}
