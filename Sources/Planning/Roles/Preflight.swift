import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

/// Whether each host is what the topology says, before anything is changed: a wrong host, a taken port or a name that leads elsewhere is cheap to
/// find here and dear to find later.
package enum Preflight {
  package static func plan(_ builder: inout PlanBuilder) {
    var last: [HostID: StepID] = [:]
    for host in builder.changedHosts {
      let identity = builder.add(PreflightIdentity(builder, host).step, reaching: .ready)
      let conflicts = conflictStep(builder, host, after: [.step(identity)]).map { builder.add($0, reaching: .ready) }
      var surroundings = PreflightSurroundings(builder, host).step
      surroundings.after = [.step(conflicts ?? identity)]
      last[host] = builder.add(surroundings, reaching: .ready)
    }
    if let step = deployingStep(builder, after: last) { builder.add(step, reaching: .ready) }
  }

  /// Units that would fight with MAAS for a port or for the clock. They are stopped and masked, not removed: that can be taken back.
  private static func conflictStep(_ builder: PlanBuilder, _ host: HostID, after: [Predecessor]) -> Step? {
    guard builder.isFull(.maas, on: host) else { return nil }
    let units = conflictingUnits(builder, host)
    guard !units.isEmpty else { return nil }
    let find: Shell = """
      clashing() { # prints the units that run or would start at boot
        local unit
        for unit in \(units); do
          [[ $(systemctl show -p LoadState --value "$unit") == loaded ]] || continue
          if systemctl is-active --quiet "$unit" || systemctl is-enabled --quiet "$unit"; then systemctl show -p Id --value "$unit"; fi
        done
      }
      """
    let none: Shell = """
      found=$(clashing | sort -u | xargs)
      [[ -z $found ]] || fail "MAAS cannot share this host with $found"
      """
    let stop: Shell = """
      for unit in $(clashing | sort -u); do
        systemctl disable --now --quiet "$unit" || systemctl stop "$unit"
        systemctl mask --quiet "$unit"
        printf '%s\\n' "$unit" >>"$STATE/masked-units"
        say "stopped and masked $unit"
      done
      """
    let back: Shell = """
      [[ -e $STATE/masked-units ]] || return 0
      while read -r unit; do
        systemctl unmask "$unit"
        systemctl enable --now "$unit"
      done <"$STATE/masked-units"
      rm -f "$STATE/masked-units"
      """
    return Step(
      host: builder[host], phase: .preflight, name: "conflicts", title: "Stop what clashes with MAAS",
      why: "MAAS brings its own DNS, DHCP, TFTP, NTP and proxy servers, which need their ports for themselves.", after: after,
      check: find + none, apply: find + stop, verify: find + none, rollback: back, origin: builder.topology[host].span)
  }

  private static func conflictingUnits(_ builder: PlanBuilder, _ host: HostID) -> [String] {
    let install = builder.topology.installKind(on: host).value
    let roles: [ControllerRole] =
      (builder.index.region[host.index] == nil ? [] : [.region]) + (builder.index.rack[host.index] == nil ? [] : [.rack])
    var units: [String] = []
    for conflict in Conflicts.table where roles.contains(where: { conflict.applies($0, install) }) {
      for unit in conflict.names.map({ "\($0).service" }) where !units.contains(unit) { units.append(unit) }
    }
    return units
  }

  /// Only an installation that is there already can have machines that deploy.
  private static func deployingStep(_ builder: PlanBuilder, after last: [HostID: StepID]) -> Step? {
    guard let admin = builder.topology.maas.admin,
      let region = builder.topology.regions.first(where: { builder.changedHosts.contains($0.host.value) })
    else { return nil }
    let host = region.host.value
    let isIdle: Shell = """
      for tool in maas jq curl; do command -v "$tool" >/dev/null || return 0; done
      curl -s -m 5 -o /dev/null http://localhost:5240/MAAS/rpc/ || return 0
      maas apikey --username \(admin.username.value) >/dev/null 2>&1 || return 0
      maas_login \(admin.username.value)
      busy=$(maas_api machines read status=deploying | jq -r 'map(.hostname) | join(" ")')
      [[ -z $busy ]] || fail "machines are being deployed: $busy; wait until they are done"
      """
    return Step(
      host: builder[host], phase: .preflight, name: "idle", title: "See that no machine is being deployed",
      why: "A machine that is being deployed fetches its system through racks and regions that are about to restart.",
      after: last[host].map { [.step($0)] } ?? [], check: isIdle, apply: "true",
      verify: isIdle, origin: region.span)
  }
}
