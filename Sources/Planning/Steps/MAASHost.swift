import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// How MAAS runs on one host: what differs between the snap and Debian's packages.
struct MAASHost {
  let host: HostID
  let kind: InstallKind
  let version: MAASVersion
  let paths: Paths
  let isRegion: Bool
  let isRack: Bool
  /// What MAAS calls the host: its short name.
  let hostname: String

  init(_ topology: Topology, _ host: HostID) {
    self.host = host
    kind = topology.installKind(on: host).value
    version = topology.version(on: host).value
    paths = Paths(install: kind, version: version)
    isRegion = topology.regions.contains { $0.host.value == host }
    isRack = topology.racks.contains { $0.host.value == host }
    hostname = topology.maasHostname(of: host)
  }

  /// The mode that `maas init` takes.
  var mode: String { isRegion ? (isRack ? "region+rack" : "region") : "rack" }

  var roles: [ControllerRole] { (isRegion ? [.region] : []) + (isRack ? [.rack] : []) }

  /// The units that must not run before they are configured.
  var units: [String] { paths.units(roles).filter { !Units.independent.contains($0) } }

  /// What brings MAAS to the host.
  var packages: [String] { kind == .snap ? ["maas"] : roles.flatMap { paths.packages($0) } }

  /// True once the host was made a controller.
  var isInitialised: Shell {
    switch kind {
    case .snap: "[[ $(snap_mode) != none ]]"
    case .deb: "units_enabled \(units)"
    }
  }

  /// True once the host is the controller that the topology wants, and runs.
  var isRunning: Shell {
    switch kind {
    case .snap: "[[ $(snap_mode) == \(mode) ]]\nunit_active \(paths.units(roles).first ?? "")"
    case .deb: "units_enabled \(units)\nunits_active \(units)"
    }
  }

  var start: Shell { kind == .snap ? "snap start maas" : "systemctl start \(units)" }
  var stop: Shell { kind == .snap ? "snap stop maas" : "systemctl stop \(units)" }
  var restart: Shell {
    switch kind {
    case .snap: "snap restart maas"
    // MAAS edits BIND's configuration; only a restart makes a fresh BIND read it.
    case .deb: "systemctl restart \(units) named.service"
    }
  }

  /// Brings the database's schema to this controller's.
  var migrate: Shell { kind == .snap ? "maas migrate" : "maas-region dbupgrade" }

  /// Prints what must be alike on all regions: the snap's revision, or the package's version.
  var revision: Shell {
    kind == .snap ? "snap list maas | awk 'NR == 2 { print $3 }'" : "dpkg-query -W -f '${Version}' \(packages[0])"
  }

  /// Where MAAS says what goes wrong, for the operator.
  var log: String { kind == .snap ? "snap logs -n 100 maas" : "journalctl -n 100 -u 'maas-*'" }

  /// Makes MAAS read what `maas_merge` changed. The note stays until it has, so that a killed run does not leave an old configuration in force.
  var reread: Shell {
    """
    if [[ -e $STATE/maas-restart ]] && \(isInitialised); then
      \(restart)
    fi
    rm -f "$STATE/maas-restart"
    """
  }
}

extension Paths {
  /// The units of all roles, each once.
  func units(_ roles: [ControllerRole]) -> [String] {
    var result: [String] = []
    for unit in roles.flatMap({ units($0) }) where !result.contains(unit) { result.append(unit) }
    return result
  }
}

extension Topology {
  /// The name by which MAAS knows a host: what `hostname` says there, without a domain.
  func maasHostname(of host: HostID) -> String { (self[host].maasHostname?.value ?? self[host].name.value).short }
}
