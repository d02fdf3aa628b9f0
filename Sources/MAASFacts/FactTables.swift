/// All facts as tables, of one version or of all.
package enum FactTables {
  /// The release lines whose every fact is known; older ones are in the table of releases only.
  package static let lines: [MAASVersion] = Releases.table.map(\.line).filter { MAASVersion(3, 4) <= $0 }

  package static func all(for version: MAASVersion?) -> [FactTable] {
    let scope = Scope(version: version)
    return [
      releases(scope), options("regiond", ControllerOptions.regiond, ControllerOptions.regiondSource, scope),
      options("rackd", ControllerOptions.rackd, ControllerOptions.rackdSource, scope),
      options("openfga", ControllerOptions.openFGA, ControllerOptions.openFGASource, scope), settings(scope), initFlags(scope), paths(scope),
      units(scope), ports(scope), reservedPorts(scope), connections(scope), ubuntuPostgreSQL, extensions(scope), credentials(scope), conflicts,
      defects(scope), vmHosts(scope), limits,
    ]
  }

  /// The version asked for, or all.
  struct Scope {
    let version: MAASVersion?
    var lines: [MAASVersion] { version.map { [$0.line] } ?? FactTables.lines }
    func holds(_ lifespan: Lifespan) -> Bool { version.map { lifespan.contains($0) } ?? true }
    /// Of a patch release the defects that it has, of a line those that were fixed in it.
    func concerns(_ defect: KnownDefect) -> Bool {
      guard let version else { return true }
      return version.patch == nil ? defect.fixedIn.contains { $0.line == version } : defect.fix(for: version) != nil
    }
  }

  private static func span(_ lifespan: Lifespan) -> [FactTable.Value] { [.init(lifespan.since), .init(lifespan.until)] }

  /// An open end is left out.
  private static func bounds(_ range: ClosedRange<Int>?) -> [FactTable.Value] {
    [.init(range?.lowerBound), .init(range.flatMap { $0.upperBound == Int.max ? nil : $0.upperBound })]
  }

  private static func releases(_ scope: Scope) -> FactTable {
    let rows = Releases.table.filter { release in scope.version.map { $0.line == release.line } ?? true }
    return FactTable(
      id: "releases", title: "MAAS releases, as of \(Releases.asOf)", source: Releases.source,
      columns: [
        "maas", "state", "newest_patch", "deb_ubuntu", "snap_base", "snap_epoch", "channel", "postgresql_refused_below", "postgresql_documented",
        "postgresql_recommended",
      ],
      rows: rows.map { release in
        [
          .init(release.line), .text(release.state.rawValue), .init(release.newestPatch), .init(release.debUbuntu?.number),
          .init(release.snapBase), .init(release.snapEpoch), .text("\(release.line)/\(release.channelRisk)"),
          .init(release.postgresqlRefusedBelow), .integer(release.postgresqlDocumented), .integer(release.postgresqlRecommended),
        ]
      })
  }

  private static func options(_ program: String, _ options: [ControllerOption], _ source: String, _ scope: Scope) -> FactTable {
    FactTable(
      id: "\(program)_options", title: program == "openfga" ? "Options that OpenFGA reads in regiond.conf" : "Options of \(program).conf",
      source: source,
      columns: ["name", "type", "default", "min", "max", "since", "until", "meaning"],
      rows: options.filter { scope.holds($0.lifespan) }.map { option in
        [.text(option.name), .text(option.kind.rawValue), .init(option.usual)] + bounds(option.bounds) + span(option.lifespan) + [
          .text(option.meaning)
        ]
      })
  }

  private static func settings(_ scope: Scope) -> FactTable {
    FactTable(
      id: "settings", title: "Settings of maas set-config", source: Settings.source, columns: ["name", "type", "min", "max", "since", "until"],
      rows: Settings.table.filter { scope.holds($0.lifespan) }.map { setting in
        [.text(setting.name), .text(setting.kind.rawValue)] + bounds(setting.bounds) + span(setting.lifespan)
      })
  }

  private static func initFlags(_ scope: Scope) -> FactTable {
    FactTable(
      id: "init_flags", title: "Flags of maas init", source: InitFlags.source, columns: ["name", "roles", "since", "until"],
      rows: InitFlags.table.filter { scope.holds($0.lifespan) }.map { flag in
        [.text(flag.name), .list(flag.roles.map(\.rawValue))] + span(flag.lifespan)
      })
  }

  private static func units(_ scope: Scope) -> FactTable {
    FactTable(
      id: "units", title: "Units", source: Units.source, columns: ["unit", "install", "roles", "since", "until", "on_demand"],
      rows: Units.table.filter { scope.holds($0.lifespan) }.map { unit in
        [.text(unit.unit), .text(unit.install.rawValue), .list(unit.roles.map(\.rawValue))] + span(unit.lifespan) + [.flag(unit.onDemand)]
      })
  }

  private static func ports(_ scope: Scope) -> FactTable {
    FactTable(
      id: "ports", title: "Ports", source: Ports.source, columns: ["ports", "transports", "from", "to", "since", "until", "why"],
      rows: Ports.table.filter { scope.holds($0.lifespan) }.map { use in
        [
          .init(use.ports), .list(use.transports.map(\.rawValue)), .list(use.from.map(\.rawValue)), .list(use.to.map(\.rawValue)),
        ] + span(use.lifespan) + [.text(use.why)]
      })
  }

  private static func reservedPorts(_ scope: Scope) -> FactTable {
    FactTable(
      id: "reserved_ports", title: "Ports that maas_proxy_port and maas_syslog_port may not have", source: ReservedPorts.source,
      columns: ["maas", "maas_ports", "system_ports"],
      rows: scope.lines.map { line in
        let reserved = ReservedPorts(line)
        return [.init(line), .init(reserved.maas), .init(reserved.system)]
      })
  }

  private static func connections(_ scope: Scope) -> FactTable {
    FactTable(
      id: "connections", title: "PostgreSQL connections that one region can open at most",
      source: nil, columns: ["maas", "process", "with_4_workers", "with_8_workers", "source"],
      rows: scope.lines.flatMap { line -> [[FactTable.Value]] in
        let eight = Connections.addends(line, workers: 8)
        let processes = zip(Connections.addends(line, workers: 4), eight).map { four, eight -> [FactTable.Value] in
          [.init(line), .text(four.name), .integer(four.count), .integer(eight.count), .text(four.source)]
        }
        let sums = [4, 8].map { FactTable.Value.integer(Connections.perRegion(line, workers: $0)) }
        return processes + [[.init(line), .text("all")] + sums + [.none]]
      })
  }

  private static let ubuntuPostgreSQL = FactTable(
    id: "ubuntu_postgresql", title: "PostgreSQL that Ubuntu carries", source: UbuntuPostgreSQL.source, columns: ["ubuntu", "postgresql"],
    rows: UbuntuPostgreSQL.table.map { [.text($0.ubuntu.number), .integer($0.postgresql)] })

  private static func extensions(_ scope: Scope) -> FactTable {
    FactTable(
      id: "postgresql_extensions", title: "PostgreSQL extensions that MAAS creates", source: nil,
      columns: ["name", "since", "until", "why", "source"],
      rows: DatabaseExtensions.table.filter { scope.holds($0.lifespan) }.map { item in
        [.text(item.name)] + span(item.lifespan) + [.text(item.why), .text(item.source)]
      })
  }

  private static func credentials(_ scope: Scope) -> FactTable {
    FactTable(
      id: "credential_hazards", title: "Characters that a database user, name or password must not hold (safe: \(CredentialCharset.safeWords))",
      source: nil, columns: ["characters", "since", "until", "breaks", "source"],
      rows: CredentialCharset.table.filter { scope.holds($0.lifespan) }.map { hazard in
        [.text(hazard.characters)] + span(hazard.lifespan) + [.text(hazard.what), .text(hazard.source)]
      })
  }

  private static let conflicts = FactTable(
    id: "conflicts", title: "Software that does not go with a controller on one host", source: nil,
    columns: ["names", "roles", "installs", "why", "source"],
    rows: Conflicts.table.map { conflict in
      [
        .list(conflict.names), .list(conflict.roles.map(\.rawValue)), .list(conflict.installs.map(\.rawValue)), .text(conflict.why),
        .text(conflict.source),
      ]
    })

  private static func defects(_ scope: Scope) -> FactTable {
    let rows = KnownDefects.table.filter { scope.concerns($0) }
    return FactTable(
      id: "known_defects", title: "Defects that endanger high availability", source: KnownDefects.source,
      columns: ["bug", "kind", "fixed_in", "only_with_tls", "what"],
      rows: rows.map { defect in
        [
          .text("LP \(defect.bug)"), .text(defect.kind.rawValue), .list(defect.fixedIn.map(\.description)), .flag(defect.onlyWithTLS),
          .text(defect.what),
        ]
      })
  }

  private static func vmHosts(_ scope: Scope) -> FactTable {
    FactTable(
      id: "vm_hosts", title: "VM hosts", source: VMHosts.source, columns: ["kind", "since", "until"],
      rows: scope.holds(VMHosts.lifespan) ? VMHosts.kinds.map { [.text($0)] + span(VMHosts.lifespan) } : [])
  }

  private static let limits = FactTable(
    id: "limits", title: "Limits", source: nil, columns: ["what", "min", "max", "source"],
    rows: [
      [
        .text("workers of a region that get an RPC port"), .integer(1), .integer(Workers.most),
        .text("MAAS source, src/maasserver/rpc/regionservice.py"),
      ],
      [
        .text("workers of a region, as advised"), .integer(1), .integer(Workers.advised),
        .text("MAAS source, docs/how-to-guides/manage-high-availability.md"),
      ],
      [
        .text("vid"), .integer(NetworkLimits.vid.lowerBound), .integer(NetworkLimits.vid.upperBound),
        .text("MAAS source, src/maasserver/models/vlan.py"),
      ],
      [
        .text("mtu"), .integer(NetworkLimits.mtu.lowerBound), .integer(NetworkLimits.mtu.upperBound),
        .text("MAAS source, src/maasserver/models/vlan.py"),
      ],
      [
        .text("addresses of a dynamic IPv6 range"), .integer(NetworkLimits.smallestIPv6DynamicRange), .none,
        .text("MAAS source, src/maasserver/models/iprange.py"),
      ],
      [
        .text("racks that serve DHCP on a VLAN"), .integer(1), .integer(NetworkLimits.racksPerVLAN),
        .text("MAAS source, src/maasserver/forms/vlan.py"),
      ],
      [
        .text("machines of a rack pair, as advised"), .none, .integer(NetworkLimits.machinesPerRackPair),
        .text("MAAS source, docs/reference/installation-requirements.md"),
      ],
    ])
}
