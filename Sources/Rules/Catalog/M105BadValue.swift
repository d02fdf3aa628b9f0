import Diagnostics
import MAASFacts
import NetworkTypes
import Topology

extension Rule {
  static let badValue = Rule(
    105, "bad-value", .error,
    summary: "a value that its type cannot read",
    why: """
      Addresses, networks, ports, MAC addresses, host names, versions, durations and enumerations are read strictly, so that a value which one \
      daemon would take and another would not never reaches either. A network with host bits set is refused, since PostgreSQL refuses it in \
      pg_hba.conf and MAAS in a subnet. MAAS' own settings and options are read by the fact tables: a number out of its range stops a daemon or a \
      deployment (MAAS source, src/provisioningserver/config.py and src/maasserver/forms/settings.py).
      """,
    examples: [
      .bad(
        "a network with host bits", as: .error,
        """
        firewall: {manage: none, management: [⟦10.9.0.5/24⟧]}
        """),
      .bad(
        "a word that the list of choices does not have", as: .error,
        """
        backup: {host: infra-3, keep: ⟦many⟧}
        """),
      .bad(
        "an address out of its range", as: .error,
        """
        hosts:
          infra-1: {address: 10.20.0.11, zone: row-a, cpus: 16, os: ubuntu-24.04}
          infra-2: {address: ⟦10.20.0.256⟧, zone: row-b, cpus: 16, os: ubuntu-24.04}
          infra-3: {address: 10.20.0.13, zone: row-c, cpus: 16, os: ubuntu-24.04}
          db-1: {address: 10.20.0.21, zone: row-a, cpus: 8, os: ubuntu-24.04}
          db-2: {address: 10.20.0.22, zone: row-b, cpus: 8, os: ubuntu-24.04}
          rack-a1: {address: 10.20.0.31, zone: row-a, addresses: {provisioning: 10.30.0.2, bmc: 10.40.0.2}}
          rack-a2: {address: 10.20.0.32, zone: row-b, addresses: {provisioning: 10.30.0.3, bmc: 10.40.0.3}}
        """),
      .bad(
        "an option of rackd.conf out of its range", as: .error,
        """
        racks:
          rack-a1: {options: {max_rpc_connections: ⟦2000⟧}}
          rack-a2: {}
        """),
      .good(
        "an option of rackd.conf at the end of its range",
        """
        racks:
          rack-a1: {options: {max_rpc_connections: 1024}}
          rack-a2: {}
        """),
      .good(
        "the network itself",
        """
        firewall: {manage: none, management: [10.9.0.0/24]}
        """),
      .good(
        "a number",
        """
        backup: {host: infra-3, keep: 14}
        """),
    ],
    // The reader finds the others; it does not know the types of MAAS' own settings, which differ by version.
    yieldsTo: [703],
    check: .topology { context, report in
      let topology = context.topology
      for setting in topology.maas.settings {
        guard let known = Settings.setting(setting.name.value) else { continue }
        judge(setting, ScalarKind(known.kind), known.bounds, &report)
      }
      for controller in context.controllers {
        let options = controller.role == .region ? ControllerOptions.regiond + ControllerOptions.openFGA : ControllerOptions.rackd
        for setting in controller.options {
          guard let known = options.option(setting.name.value, for: controller.version.value) else { continue }
          judge(setting, ScalarKind(known.kind), known.bounds, &report)
        }
      }
    })
}

private enum ScalarKind {
  case integer, boolean, url, text

  init(_ kind: MAASSetting.Kind) {
    switch kind {
    case .integer: self = .integer
    case .boolean: self = .boolean
    case .text: self = .text
    }
  }

  init(_ kind: ControllerOption.Kind) {
    switch kind {
    case .integer: self = .integer
    case .boolean: self = .boolean
    case .url: self = .url
    case .text, .urlList, .uuid, .directory: self = .text
    }
  }
}

private func judge(_ setting: Setting, _ kind: ScalarKind, _ bounds: ClosedRange<Int>?, _ report: inout Reporter) {
  let text = setting.value.value.text
  let wanted: String
  switch kind {
  case .integer:
    let number = coreInteger(text)
    if let number, bounds?.contains(number) ?? true { return }
    wanted = "a whole number\(bounds.map { $0.words } ?? "")"
  case .boolean:
    if ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text) { return }
    wanted = "true or false"
  case .url:
    if HTTPURL(text) != nil { return }
    wanted = "an http or https URL"
  case .text: return
  }
  report.report("\(setting.name.value) is '\(text)', allowed is \(wanted)", at: setting.value.span)
}

extension ClosedRange<Int> {
  /// ` from 1 to 1024`, ` from 1 up`.
  fileprivate var words: String { upperBound == .max ? " from \(lowerBound) up" : " from \(lowerBound) to \(upperBound)" }
}
