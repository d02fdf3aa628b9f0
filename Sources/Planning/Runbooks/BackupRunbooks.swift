import Diagnostics
import Formats
import MAASFacts
import Topology

/// The day-two scripts about data: `backup.sh`, `restore.sh`, and where the server is ours `failover-postgresql.sh`.
struct BackupRunbooks {
  let builder: PlanBuilder
  var topology: Topology { builder.topology }

  init(_ builder: PlanBuilder) { self.builder = builder }

  var all: [Runbook] { (controllers.isEmpty ? [] : [backup, restore]) + (failover.map { [$0] } ?? []) }

  /// The script needs what our steps put on every member.
  private var failover: Runbook? {
    let server = DatabaseServer(topology)
    guard server.members.count > 1, server.members.allSatisfy({ topology.level(of: .postgresql, on: $0.id) == .full }) else { return nil }
    switch topology.postgresql.deployment {
    case .streaming(let streaming):
      return StreamingFailover(server: server, isSynchronous: streaming.replication?.synchronous?.value ?? false).runbook
    case .patroni: return PatroniFailover(server: server, scope: topology.patroniScope().value).runbook
    case .external: return nil
    }
  }

  var isExternal: Bool { server.members.isEmpty }

  /// Our own server, as far as it is there to be looked at.
  var server: DatabaseServer {
    var server = DatabaseServer(topology)
    server.members.removeAll { topology.level(of: .postgresql, on: $0.id) == .none }
    return server
  }

  private var controllers: [HostID] {
    topology.hosts.map(\.id).filter { builder.index.roles[$0.index].isController && topology.level(of: .maas, on: $0) != .none }
  }

  var regions: [HostID] { topology.regions.map(\.host.value).filter(controllers.contains) }

  private var backup: Runbook {
    Runbook(
      name: "backup", title: "Back the whole installation up, MAAS stopped",
      about: [
        "backup.sh [DIRECTORY]", "Interrupts MAAS on every controller: racks first, then regions. Whatever happens, they are started again.",
        isExternal
          ? "The database is run by others and is not in it: have it dumped while this script waits." : "Holds the database, and of each controller",
        "identity, secret, certificates, configuration and boot images of the first region.",
      ],
      body: functions + pathFunction + """
        directory=${1:-backup-$(date -u +%Y%m%dT%H%M%SZ)}
        [[ $directory != -* ]] || { echo "usage: $0 [DIRECTORY]" >&2; exit 64; }
        mkdir -p "$directory"
        [[ -z $(ls -A "$directory") ]] || fail "$directory is not empty"
        \(reachAll)
        \(isExternal ? "" : "primary=$(find_primary) || fail 'no member of the database is primary; nothing was changed'" as Shell)
        finish() { # whatever happened, MAAS runs again
          local status=$? host
          trap - EXIT
          ((status == 0)) || say "this is no whole backup: remove $directory"
          for host in "${REGIONS[@]}" "${RACKS[@]}"; do
            say "starting MAAS on $host"
            start_maas "$host" || { say "MAAS does not start on $host"; status=1; }
          done
          rm -rf "$WORK"
          exit "$status"
        }
        trap finish EXIT
        for host in "${RACKS[@]}" "${REGIONS[@]}"; do
          say "stopping MAAS on $host"
          stop_maas "$host"
        done
        \(isExternal ? "confirm 'MAAS is stopped. Have the database dumped now.' dumped" : dump)
        for host in "${CONTROLLERS[@]}"; do
          say "files of $host"
          pack "$host" >"$directory/$host.tar.gz"
        done
        \(images)
        (cd "$directory" && sha256sum -- * >SHA256SUMS)
        say "backed up into $directory"
        """)
  }

  private var dump: Shell {
    """
    say "dumping the database on $primary"
    as_postgres "$primary" pg_dump -w -Fc -h \(DatabaseServer.socketDirectory) -p \(server.port) -d \(topology.databaseName().value) >"$directory/database.dump"
    """
  }

  private var images: Shell {
    guard let region = regions.first else { return "" }
    let paths = Paths(install: topology.installKind(on: region).value, version: topology.version(on: region).value)
    return """
      say 'boot images'
      on \(builder[region].name) tar -C \(paths.images) -cf - . >"$directory/images.tar"
      """
  }

  var functions: Shell {
    let racks = topology.racks.map(\.host.value).filter { controllers.contains($0) && !regions.contains($0) }
    let commands = { (verb: String) in Shell.lines(controllers.map { "\(builder[$0].name)) on \"$1\" \(command(verb, $0)) ;;" }) }
    return """
      REGIONS=(\(regions.map { builder[$0].name }))
      RACKS=(\(racks.map { builder[$0].name }))
      CONTROLLERS=(\(controllers.map { builder[$0].name }))
      \(isExternal ? "" : server.operatorShell)
      stop_maas() { # HOST
        case $1 in
          \(commands("stop"))
        esac
      }
      start_maas() { # HOST
        case $1 in
          \(commands("start"))
        esac
      }
      """
  }

  var pathFunction: Shell {
    let cases = controllers.map { host -> Shell in "\(builder[host].name)) PATHS=(\(ControllerPaths.kept(on: host, topology))) ;;" }
    return """
      paths_of() { # HOST: sets PATHS
        case $1 in
          \(Shell.lines(cases))
        esac
      }
      pack() { # HOST: its own files, as an archive
        local path present=()
        paths_of "$1"
        for path in "${PATHS[@]}"; do
          if on "$1" test -e "$path" </dev/null; then present+=("${path#/}"); fi
        done
        on "$1" tar -C / -czhf - "${present[@]}" </dev/null
      }
      """
  }

  /// A host that cannot be reached is found before anything is stopped.
  var reachAll: Shell {
    #"for host in "${CONTROLLERS[@]}"; do on "$host" true || fail "$host cannot be reached as root; nothing was changed"; done"#
  }

  private func command(_ verb: String, _ host: HostID) -> Shell {
    guard topology.installKind(on: host).value == .deb else { return "snap \(verb) maas" }
    let paths = Paths(install: .deb, version: topology.version(on: host).value)
    let roles = (builder.index.region[host.index] == nil ? [] : [ControllerRole.region]) + (builder.index.rack[host.index] == nil ? [] : [.rack])
    var units: [String] = []
    for unit in roles.flatMap(paths.units) where unit.hasPrefix("maas-") && !units.contains(unit) { units.append(unit) }
    if verb == "stop", roles.contains(.rack) { units += ["maas-dhcpd.service", "maas-dhcpd6.service"] }
    return "systemctl \(verb) \(units)"
  }
}

/// What a backup holds of a controller: identity, secret, certificates, configuration. Not the images.
enum ControllerPaths {
  static func kept(on host: HostID, _ topology: Topology) -> [String] {
    let paths = Paths(install: topology.installKind(on: host).value, version: topology.version(on: host).value)
    let all = [
      paths.regiondConf, paths.rackdConf, paths.secret, paths.maasID, paths.maasUUID, paths.certificates, paths.agentCertificates, paths.agent,
    ].compactMap { $0 }
    return all.enumerated().filter { item in !all[..<item.offset].contains(item.element) }.map(\.element)
  }
}
