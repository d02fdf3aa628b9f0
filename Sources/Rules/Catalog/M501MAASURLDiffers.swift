import Diagnostics
import NetworkTypes
import Topology

extension Rule {
  static let maasURLDiffers = Rule(
    501, "maas-url-differs", .error,
    summary: "regions disagree on maas_url, or it names localhost or holds an underscore",
    why: """
      Each region writes the maas_url of its own file into the database when it starts, and the last one wins (MAAS source, \
      src/maasserver/start_up.py), so two spellings make racks and machines change between two addresses at every restart. `localhost` leads a \
      rack on another host to itself. MAAS reads a host name with an underscore, but `maas-region local_config_set` refuses it (MAAS source, \
      src/maasserver/config.py). A rack's own list is an override, and judged by M302 and M502.
      """,
    examples: [
      .bad(
        "one region under another name", as: .error,
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: 4, maas_url: ⟦http://10.20.0.12:5240/MAAS⟧}
          infra-3: {num_workers: 4}
        """),
      .bad(
        "localhost, with several hosts", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦http://localhost:5240/MAAS⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .bad(
        "an underscore", as: .error,
        """
        maas:
          version: "3.7"
          url: ⟦http://maas_api.prg.example.net/MAAS⟧
          admin: {username: admin, email: ops@example.net, password: admin}
        """),
      .good(
        "one region says what all have",
        """
        regions:
          infra-1: {num_workers: 4, maas_url: http://maas.prg.example.net/MAAS}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        """),
      .good(
        "localhost, where everything is on one host",
        """
        schema: 1
        name: lab
        maas: {version: "3.7", url: "http://localhost:5240/MAAS"}
        secrets: {database: {env: DATABASE_PASSWORD}}
        hosts:
          lab-1: {address: 10.20.0.11}
        regions:
          lab-1: {}
        racks:
          lab-1: {}
        postgresql:
          mode: external
          external: {host: pg.example.net}
          database: {password: database}
        """),
    ],
    check: .topology { context, report in
      reportDisagreement(context, &report)
      reportUnusable(context, &report)
    })
}

private func reportDisagreement(_ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  guard let first = topology.regions.first else { return }
  let expected = topology.maas.url ?? first.maasURL ?? Located(topology.maasURL().value, at: first.host.span)
  for region in topology.regions {
    guard let url = region.maasURL, url.value != expected.value, url.span != expected.span else { continue }
    report.report(
      "\(context.name(region.host.value)) has the maas_url \(url.value), the others \(expected.value)", at: url.span,
      secondary: [Label(expected.span, "the others'")], help: "remove it: all regions share \(expected.value)")
  }
}

/// Names that lead some controller astray.
private func reportUnusable(_ context: RuleContext, _ report: inout Reporter) {
  let topology = context.topology
  let index = context.index
  let isAlone = Set(context.controllers.map(\.host)).count == 1
  let shared = (topology.maas.url.map { [$0] } ?? []) + topology.regions.compactMap(\.maasURL)
  for url in shared + topology.racks.flatMap(\.maasURLs) {
    guard case .name(let name) = url.value.host, name.contains("_") else { continue }
    report.report("the host name \(name) holds an underscore, which MAAS' own tools refuse", at: url.span, help: "use letters, digits and hyphens")
  }
  for url in shared where url.value.host.isLocal && !isAlone {
    report.report("\(url.value.host) is another host for every controller", at: url.span, help: "use the name or address of the front end")
  }
  for rack in topology.racks where index.region[rack.host.value.index] == nil {
    for url in rack.maasURLs where url.value.host.isLocal {
      report.report(
        "\(context.name(rack.host.value)) would look for a region on itself", at: url.span, help: "use the name or address of the front end")
    }
  }
}
