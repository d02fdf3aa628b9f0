import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let unknownToVersion = Rule(
    207, "unknown-to-version", .error,
    summary: "a setting, an option or a role that this MAAS version does not have",
    why: """
      regiond and rackd ignore options that they do not know, without a word (MAAS source, src/maasserver/config.py); `maas set-config` refuses \
      unknown settings, in the middle of a deployment (src/maasserver/forms/settings.py). VM hosts went with 4.0. What each version has stands in \
      the fact tables: `maasc facts`.
      """,
    examples: [
      .bad(
        "VM hosts with 4.0", as: .error,
        """
        maas:
          version: "4.0"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        ⟦vm_hosts⟧:
          infra-3: {type: lxd}
        """),
      .bad(
        "an option that came with 3.5", as: .error,
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        racks:
          rack-a1: {options: {⟦tftp_max_blksize⟧: 1024}}
          rack-a2: {}
        """),
      .bad(
        "a broadcast address before Temporal", as: .error,
        """
        maas:
          version: "3.4"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        regions:
          infra-1: {num_workers: 4, broadcast_address: ⟦10.20.0.11⟧}
          infra-2: {num_workers: 4}
          infra-3: {num_workers: 4}
        """),
      .bad(
        "a setting that no version has", as: .error,
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {⟦ntp_server⟧: 10.20.0.1}
        """),
      .good(
        "VM hosts with 3.8",
        """
        maas:
          version: "3.8"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        vm_hosts:
          infra-3: {type: lxd}
        """),
      .good(
        "the option with 3.5",
        """
        maas:
          version: "3.5"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
        racks:
          rack-a1: {options: {tftp_max_blksize: 1024}}
          rack-a2: {}
        """),
      .good(
        "a setting of every version",
        """
        maas:
          version: "3.7"
          url: http://maas.prg.example.net/MAAS
          admin: {username: admin, email: ops@example.net, password: admin}
          settings: {ntp_servers: 10.20.0.1}
        """),
    ],
    check: .topology { context, report in
      reportSettings(context, &report)
      reportOptions(context, &report)
      reportVMHosts(context, &report)
      for region in context.topology.regions {
        let version = context.controllers[region.id.index].version.value
        guard let address = region.broadcastAddress, ControllerOptions.regiond.option("broadcast_address", for: version) == nil else { continue }
        report.report("MAAS \(version.line) has no broadcast_address", at: address.span, help: "remove it: it came with Temporal in 3.5")
      }
    })
}

private func reportSettings(_ context: RuleContext, _ report: inout Reporter) {
  let version = context.topology.servedVersion
  let known = Settings.settings(for: version).map(\.name)
  for setting in context.topology.maas.settings where !known.contains(setting.name.value) {
    let isKnown = Settings.setting(setting.name.value) != nil
    report.report(
      isKnown ? "MAAS \(version.line) has no setting \(setting.name.value)" : "MAAS has no setting \(setting.name.value)", at: setting.name.span,
      help: Vocabulary(known).hint(for: setting.name.value, noun: "setting"))
  }
}

private func reportOptions(_ context: RuleContext, _ report: inout Reporter) {
  for controller in context.controllers where !controller.options.isEmpty {
    let version = controller.version.value
    let all = controller.role == .region ? ControllerOptions.regiond + ControllerOptions.openFGA : ControllerOptions.rackd
    let known = all.options(for: version).map(\.name)
    let file = controller.role == .region ? "regiond.conf" : "rackd.conf"
    for option in controller.options where !known.contains(option.name.value) {
      let isKnown = all.contains { $0.name == option.name.value }
      report.report(
        isKnown ? "\(file) of MAAS \(version.line) has no \(option.name.value)" : "\(file) has no \(option.name.value)", at: option.name.span,
        help: Vocabulary(known).hint(for: option.name.value, noun: "option"))
    }
  }
}

private func reportVMHosts(_ context: RuleContext, _ report: inout Reporter) {
  let version = context.topology.maas.version
  guard !VMHosts.lifespan.contains(version.value), !context.topology.vmHosts.isEmpty, let place = context.topology.vmHostsKey else { return }
  report.report(
    "MAAS \(version.value.line) has no VM hosts", at: place, secondary: [Label(version.span, "this version")],
    help: "remove vm_hosts, or stay with 3.8")
}
