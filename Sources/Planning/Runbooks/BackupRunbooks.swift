import Diagnostics
import Formats
import MAASFacts
import Topology

/// The day-two scripts about data: `backup.sh`, `restore.sh`, and where the server is ours `failover-postgresql.sh`.
struct BackupRunbooks {
  let builder: PlanBuilder
  private var topology: Topology { builder.topology }

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

  private var isExternal: Bool { server.members.isEmpty }

  /// Our own server, as far as it is there to be looked at.
  private var server: DatabaseServer {
    var server = DatabaseServer(topology)
    server.members.removeAll { topology.level(of: .postgresql, on: $0.id) == .none }
    return server
  }

  private var controllers: [HostID] {
    topology.hosts.map(\.id).filter { builder.index.roles[$0.index].isController && topology.level(of: .maas, on: $0) != .none }
  }

  private var regions: [HostID] { topology.regions.map(\.host.value).filter(controllers.contains) }

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
        start_all() {
          local host
          for host in "${REGIONS[@]}" "${RACKS[@]}"; do start_maas "$host" || say "MAAS does not start on $host"; done
        }
        \(isExternal ? "" : "primary=$(find_primary) || fail 'no member of the database is primary'" as Shell)
        trap 'start_all; rm -rf "$WORK"' EXIT
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

  private var restore: Runbook {
    Runbook(
      name: "restore", title: "Restore a backup onto deployed hosts",
      about: [
        "restore.sh DIRECTORY      a directory that backup.sh made, or one fetched from the backup host",
        "First deploy the hosts as usual; then this replaces their database and identities. regiond.conf and rackd.conf stay as deployed.",
        "The present database is renamed, not dropped, and the present files are packed up on their host: both can be put back until MAAS has started.",
        "Stopped or killed before that, it leaves MAAS stopped, and a rerun begins anew.",
        "Point of no return: the start of MAAS at the end. Machines that changed since the backup are not as MAAS then believes.",
      ],
      body: functions + pathFunction + """
        directory=${1-}
        [[ -n $directory && -s $directory/SHA256SUMS ]] || fail "usage: $0 DIRECTORY"
        (cd "$directory" && sha256sum --quiet -c SHA256SUMS) || fail "$directory is damaged; nothing was changed"
        for host in "${CONTROLLERS[@]}"; do [[ -s $directory/$host.tar.gz ]] || fail "$directory has no files of $host; nothing was changed"; done
        \(isExternal ? "" : "[[ -s $directory/database.dump ]] || fail \"$directory holds no database; nothing was changed\"" as Shell)
        \(isExternal ? "" : "primary=$(find_primary) || fail 'no member of the database is primary'" as Shell)
        confirm "MAAS stops everywhere, and its database and identities become those of $directory." restore
        stamp=$(date -u +%Y%m%dT%H%M%SZ)
        kept=/var/lib/maasc/before-restore-$stamp.tar.gz
        stopped=1 back=''
        trap '[[ -z $stopped ]] || say "MAAS is stopped: run this again to begin anew. To go back: ${back}start MAAS on every controller"; rm -rf "$WORK"' EXIT
        for host in "${RACKS[@]}" "${REGIONS[@]}"; do
          say "stopping MAAS on $host"
          stop_maas "$host"
        done
        \(isExternal ? "confirm 'MAAS is stopped. Have the database restored now.' restored\nback='have the database of before restored, '" : database)
        back+="unpack $kept over / on every controller, "
        for host in "${CONTROLLERS[@]}"; do
          say "files of $host; those until now are in $kept there"
          pack "$host" | put "$host" "$kept" 600
          on "$host" tar -C / -xzf - --exclude='*/regiond.conf' --exclude='*/rackd.conf' <"$directory/$host.tar.gz"
        done
        \(restoreImages)
        confirm 'Everything is in place. Starting MAAS is the point of no return.' start
        stopped=''
        for host in "${REGIONS[@]}" "${RACKS[@]}"; do
          say "starting MAAS on $host"
          start_maas "$host"
        done
        say "restored; look at runbook/deploy.sh --only acceptance, and at hosts/*/verify.sh"
        """)
  }

  /// A new database is filled beside the old one; only when it is whole do they change names.
  private var database: Shell {
    let name = topology.databaseName().value
    let user = topology.databaseUser().value
    let fresh = "\(name)_restoring"
    let drop: SQL = "drop database if exists \(identifier: fresh)"
    let create: SQL = "create database \(identifier: fresh) owner \(identifier: user) encoding 'UTF8' template template0"
    let close: SQL = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = \(name) and pid <> pg_backend_pid()"
    let rename: SQL = "alter database \(identifier: fresh) rename to \(identifier: name)"
    return """
      say "restoring the database on $primary"
      sql "$primary" \(drop.text)
      sql "$primary" \(create.text)
      as_postgres "$primary" pg_restore -h \(DatabaseServer.socketDirectory) -p \(server.port) --exit-on-error -d \(fresh) <"$directory/database.dump"
      old=\(name)_before_$stamp
      sql "$primary" \(close.text) >/dev/null
      if [[ $(sql "$primary" \(("select count(*) from pg_database where datname = \(name)" as SQL).text)) == 1 ]]; then
        sql "$primary" \("alter database \(SQL.identifier(name)) rename to ")"\\"$old\\""
        say "the database until now is called $old"
        back="put the database $old in the place of \(raw: name), "
      fi
      sql "$primary" \(rename.text)
      """
  }

  private var restoreImages: Shell {
    let unpacked = regions.map { host -> Shell in
      let paths = Paths(install: topology.installKind(on: host).value, version: topology.version(on: host).value)
      return "on \(builder[host].name) tar -C \(paths.images) -xf - <\"$directory/images.tar\""
    }
    return """
      if [[ -s $directory/images.tar ]]; then
        say 'boot images'
        \(Shell.lines(unpacked))
      fi
      """
  }

  private var functions: Shell {
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

  private var pathFunction: Shell {
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
