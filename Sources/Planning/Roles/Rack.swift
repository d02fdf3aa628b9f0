import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// Rack controllers: those on hosts of their own register with the secret of the first region; then the regions must list all of them connected.
package enum RackRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    for rack in topology.racks where builder.index.region[rack.host.value.index] == nil {
      guard topology.level(of: .maas, on: rack.host.value) != .none else { continue }
      let host = MAASHost(topology, rack.host.value)
      MAASConf.describe(host, &builder)
      guard topology.level(of: .maas, on: host.host) == .full else { continue }
      var configuration = MAASConf.step(host, .rack, &builder)
      configuration.after = builder.after(.packages(host.host), .networks)
      var register = register(rack, host, &builder)
      register.after = [.step(builder.add(configuration, reaching: .racksRegistered))]
      builder.add(register, reaching: .racksRegistered)
    }
    // Also where others manage MAAS: their racks registered before these networks were there.
    guard let first = topology.racks.first, topology.level(of: .networks) == .full else { return }
    report(&builder)
    let file = RackFile(topology.racks, topology, builder.index)
    let session = APISession(builder)
    builder[session.host].files.append(file.planned(first.span, at: RackFile.path))
    builder.add(connected(file, session, builder), reaching: .racks)
  }

  private static func register(_ rack: Rack, _ host: MAASHost, _ builder: inout PlanBuilder) -> Step {
    let secret = RegionSteps.rackSecret
    let same: Shell = "[[ $(tr -d '[:space:]' <\(host.paths.secret)) == \"$(secret \(secret))\" ]]"
    let urls = builder.topology.rackURLs(of: rack).value
    let run = host.kind == .snap ? initialise(urls.first, host, builder) : enable(host)
    let foreign: Shell = """
      if [[ -s \(host.paths.secret) ]]; then
        \(same) || fail "this rack belongs to another MAAS: delete it there and purge MAAS here first"
      fi
      """
    return Step(
      host: builder[host.host], phase: .rack, name: "register", title: "Register this rack with the regions",
      why: "The secret that the first region made proves that the rack belongs to this MAAS.", check: host.isRunning + same, apply: foreign + run,
      verify: units(host) + same, back: "delete this controller in MAAS, then take MAAS off this host: as long as it runs, it comes back",
      secrets: [secret], origin: rack.span)
  }

  /// The secret is asked for on standard input; at its end the question would be repeated for ever.
  private static func initialise(_ url: HTTPURL?, _ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    """
    case $(snap_mode) in
      none)
        said=$(timeout 600 maas init rack --maas-url \(url?.description ?? "") <<<"$(secret \(RegionSteps.rackSecret))" 2>&1 | head -c 65536) ||
          fail "maas init: $(tail -n 20 <<<"$said")"
        ;;
      rack) ;;
      *) fail "this host is a MAAS $(snap_mode), the topology wants a rack" ;;
    esac
    \(MAASConf.mergeRackd(host, builder))
    \(host.start)
    """
  }

  /// Not `maas-rack register`: it exits 0 with rackd stopped (MAAS source, src/provisioningserver/register_command.py).
  private static func enable(_ host: MAASHost) -> Shell {
    """
    maas-rack install-shared-secret <<<"$(secret \(RegionSteps.rackSecret))"
    chown \("\(host.paths.owner):\(host.paths.group)") \(host.paths.secret)
    chmod 640 \(host.paths.secret)
    systemctl unmask \(host.units)
    systemctl enable \(host.units)
    \(host.restart)
    """
  }

  private static func units(_ host: MAASHost) -> Shell {
    Shell.lines(
      host.paths.units(host.roles).map { "wait_until 120 \("\($0) does not run; see: \(host.log)") unit_active \($0)" as Shell })
  }

  /// A host that is region and rack reported its interfaces before the networks were there. It reports anew when it starts, and then MAAS puts each
  /// interface on the VLAN of its subnet (MAAS source, src/metadataserver/builtin_scripts/network.py). One host after the other: the regions
  /// must not all restart at the same time.
  private static func report(_ builder: inout PlanBuilder) {
    var previous: [Predecessor] = []
    for rack in builder.topology.racks where builder.index.region[rack.host.value.index] != nil {
      guard builder.topology.level(of: .maas, on: rack.host.value) == .full else { continue }
      let host = MAASHost(builder.topology, rack.host.value)
      let path = "/var/lib/maasc/rack.json"
      let login = APISession(builder).login
      builder[host.host].files.append(RackFile([rack], builder.topology, builder.index).planned(rack.span, at: path))
      let placed: Shell = "\(login)\nracks_placed \"$FILES\"\(path)"
      let apply: Shell = """
        \(host.restart)
        wait_until 600 \("the region does not serve; see: \(host.log)") region_answers \(host.hostname)
        \(login)
        wait_until 600 'MAAS has interfaces of this host on other VLANs than the topology says' racks_placed "$FILES"\(path)
        """
      let step = builder.add(
        Step(
          host: builder[host.host], phase: .rack, name: "interfaces", title: "Report this host's interfaces again, now that their VLANs exist",
          why: "MAAS looks for the VLAN of an interface when the host reports it, and this host did so before the networks were made.",
          after: builder.after(.networks) + previous, check: placed, apply: apply, verify: placed,
          back: "none is needed: MAAS has what this host reports",
          caution: "MAAS on this host restarts where an interface is on the wrong VLAN.", timeout: 1500, origin: rack.span),
        reaching: .racksRegistered)
      previous = [.step(step)]
    }
  }

  /// Asked of MAAS, since only it knows whether a rack reaches every region: rackd is "degraded" with some of them.
  private static func connected(_ file: RackFile, _ session: APISession, _ builder: PlanBuilder) -> Step {
    let apply: Shell = """
      \(session.login)
      wait_until 900 'not every rack is connected to every region' racks_connected "$FILES"\(RackFile.path)
      calls=$(rack_strays "$FILES"\(RackFile.path) | jq -c '.call // empty')
      [[ -z $calls ]] || maas_calls "$calls"
      wait_until 300 'MAAS has interfaces of racks elsewhere than the topology says; restart MAAS on those racks' racks_placed "$FILES"\(RackFile.path)
      """
    let verify: Shell = """
      \(session.login)
      racks_connected "$FILES"\(RackFile.path)
      racks_placed "$FILES"\(RackFile.path)
      """
    return session.step(
      .rack, "connected", "See every rack connected, its interfaces on their VLANs",
      why: "A rack can serve DHCP only on a VLAN on which MAAS knows an interface of it.",
      after: builder.after(.networks, .racksRegistered),
      check: verify, apply: apply, verify: verify,
      back: "its log has every call that moved an interface; the earlier VLAN is given back by the same call", timeout: 1800, origin: file.origin,
      builder)
  }
}
