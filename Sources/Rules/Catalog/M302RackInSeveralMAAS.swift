import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let rackInSeveralMAAS = Rule(
    302, "rack-in-several-maas", .error,
    summary: "a rack controller belongs to two MAAS installations",
    why: """
      A rack takes its identity, its secret and its DHCP configuration from one MAAS. Registered with a second one, both write its dhcpd.conf \
      and its images in turn (MAAS manual, "Manage high availability": a rack belongs to one region API). Found by an entry of the rack's \
      `maas_url` that leads to nobody in its file, and across files by MAC address, by such an entry, or by equal name and address.
      """,
    examples: [
      .bad(
        "a maas_url of another installation", as: .error,
        """
        racks:
          rack-a1: {maas_url: ["http://maas.prg.example.net/MAAS", ⟦"http://10.99.0.10/MAAS"⟧]}
          rack-a2: {}
        """),
      .bad(
        "one rack in two files", as: .error,
        """
        name: prague
        """,
        """
        schema: 1
        name: brno
        maas: {version: "3.7", url: "http://maas.brq.example.net/MAAS"}
        secrets: {database: {env: DATABASE_PASSWORD}}
        hosts:
          region-1: {address: 10.21.0.11}
          rack-a1: {address: 10.20.0.31}
        regions:
          region-1: {}
        racks:
          ⟦rack-a1⟧: {}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.brq.example.net}
          database: {password: database}
        """),
      .good(
        "a list of the installation's own regions",
        """
        racks:
          rack-a1: {maas_url: ["http://maas.prg.example.net/MAAS", "http://10.20.0.11:5240/MAAS", "http://10.20.0.12:5240/MAAS"]}
          rack-a2: {maas_url: ["http://10.20.0.10/MAAS"]}
        """),
      .good(
        "two installations with racks of their own",
        """
        name: prague
        """,
        """
        schema: 1
        name: brno
        maas: {version: "3.7", url: "http://maas.brq.example.net/MAAS"}
        secrets: {database: {env: DATABASE_PASSWORD}}
        hosts:
          region-1: {address: 10.21.0.11}
          rack-a1: {address: 10.21.0.31}
        regions:
          region-1: {}
        racks:
          rack-a1: {}
        postgresql:
          version: 16
          mode: external
          external: {host: pg.brq.example.net}
          database: {password: database}
        """),
    ],
    check: .across { contexts, report in
      let destinations = contexts.map { Destinations($0) }
      for (position, context) in contexts.enumerated() {
        reportForeignURLs(context, position, destinations, &report)
      }
      reportSharedRacks(contexts, &report)
    })
}

/// The hosts that a URL of one installation may name.
private struct Destinations {
  var installation: String
  private var hosts: Set<String> = []

  init(_ context: RuleContext) {
    let topology = context.topology
    installation = topology.name.value
    hosts.insert(topology.maasURL().value.host.key)
    for region in topology.regions {
      if let url = region.maasURL { hosts.insert(url.value.host.key) }
      add(topology[region.host.value])
    }
    switch topology.balancer {
    case .haproxy(let haproxy):
      for host in haproxy.hosts { add(topology[host.value]) }
      for vip in haproxy.vips { hosts.insert(vip.address.value.address.bracketed) }
    case .external(let external): hosts.insert(external.host.value.description.lowercased())
    case .none: break
    }
  }

  private mutating func add(_ host: Host) {
    hosts.insert(host.name.value.description.lowercased())
    hosts.insert(host.name.value.short.lowercased())
    for placed in host.placedAddresses { hosts.insert(placed.address.bracketed) }
  }

  /// `localhost` is M501's. A qualified name may be that of a host which the file calls by its short one.
  func contains(_ url: HTTPURL) -> Bool {
    if hosts.contains(url.host.key) || url.host.isLocal { return true }
    guard case .name = url.host else { return false }
    return hosts.contains(String(url.host.key.prefix { $0 != "." }))
  }
}

private func reportForeignURLs(_ context: RuleContext, _ position: Int, _ all: [Destinations], _ report: inout Reporter) {
  for rack in context.topology.racks {
    for url in rack.maasURLs where !all[position].contains(url.value) {
      let other = all.indices.first { $0 != position && all[$0].contains(url.value) }.map { all[$0].installation }
      let name = context.topology.name.value
      report.report(
        other.map { "this entry leads to \($0), another installation" }
          ?? "\(url.value.host) is no region, load balancer or virtual address of \(name)", at: url.span,
        secondary: [Label(rack.host.span, "a rack of \(name)")], notes: ["a rack that knows two installations registers with both"],
        help: "remove the entry, or leave maas_url out: the default is the load balancer, then every region")
    }
  }
}

/// Racks of two files that are one machine: by MAC address, or by name and address.
private func reportSharedRacks(_ contexts: [RuleContext], _ report: inout Reporter) {
  guard contexts.count > 1 else { return }
  var owners: [String: (file: Int, place: Span)] = [:]
  for (file, context) in contexts.enumerated() {
    for rack in context.topology.racks {
      let host = context.topology[rack.host.value]
      let keys = host.macs.map(\.value.description) + ["\(host.name.value.short.lowercased()) \(host.address.value)"]
      let earlier = keys.lazy.compactMap { owners[$0] }.first { $0.file != file }
      for key in keys where owners[key] == nil { owners[key] = (file, rack.host.span) }
      guard let earlier else { continue }
      report.report(
        "\(host.name.value) is a rack of \(contexts[earlier.file].topology.name.value) already", at: rack.host.span,
        secondary: [Label(earlier.place, "in \(contexts[earlier.file].topology.name.value)")],
        help: "a rack belongs to one MAAS: remove it from one of the files")
    }
  }
}
