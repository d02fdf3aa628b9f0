import Diagnostics
import Formats
import MAASFacts
import Topology

/// MAAS itself on every controller: the snap, or Debian's packages. Nothing starts before it is configured.
package enum MAASSoftwareRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    for id in topology.hosts.map(\.id) where builder.index.roles[id.index].isController {
      guard topology.level(of: .packages, on: id) == .full, topology.level(of: .maas, on: id) == .full else { continue }
      let host = MAASHost(topology, id)
      // For questions to the database in MAAS' name.
      if host.isRegion, !builder[id].packages.contains("postgresql-client") { builder[id].packages.append("postgresql-client") }
      var step = host.kind == .snap ? snap(host, builder) : deb(host, builder)
      step.after = builder.after(.distribution(id))
      builder.add(step, reaching: .packages(id))
    }
  }

  private static func snap(_ host: MAASHost, _ builder: PlanBuilder) -> Step {
    let packages = builder.topology.packages
    let installed: Shell = packages.snapFiles == nil ? tracked(host, builder) : "snap list maas >/dev/null 2>&1"
    let refuse: Shell = """
      if snap list maas >/dev/null 2>&1; then
        fail \("MAAS is installed from another channel than \(builder.topology.channel(on: host.host).value): changing it is an upgrade, with a backup before and racks first")
      fi
      """
    return Step(
      host: builder[host.host], phase: .packages, name: "maas", title: "Install the MAAS snap",
      why: "Installed it does nothing: it becomes a controller only by `maas init`.", check: installed,
      apply: packages.snapFiles == nil ? refuse + download(host, builder) : offline, verify: installed,
      rollback: "[[ $(snap_mode) == none ]] || fail 'this host is a controller: removing MAAS would take its identity along'\nsnap remove maas",
      timeout: 1800, folder: packages.snapFiles.map { SentFolder($0.value, to: "/var/lib/maasc/snaps") }, origin: builder.topology[host.host].span)
  }

  private static func tracked(_ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    "snap list maas 2>/dev/null | awk -v channel=\(builder.topology.channel(on: host.host).value) 'NR == 2 && $4 == channel { found = 1 } END { exit !found }'"
  }

  private static func download(_ host: MAASHost, _ builder: PlanBuilder) -> Shell {
    let channel: Shell = "snap install maas --channel=\(builder.topology.channel(on: host.host).value)"
    guard let cohort = builder.topology.packages.snapCohort else { return channel }
    return "\(channel) --cohort=\(cohort.value)"
  }

  /// The files of `packages.snap.files`, which deploy.sh puts below the state folder; bases before what stands on them.
  private static let offline: Shell = """
    compgen -G "$STATE/snaps/maas_*.snap" >/dev/null || fail "no snap of MAAS in $STATE/snaps: the folder packages.snap.files belongs there"
    for file in "$STATE"/snaps/*.assert; do
      if [[ -e $file ]]; then snap ack "$file"; fi
    done
    for file in "$STATE"/snaps/{snapd,core,maas}*.snap; do
      if [[ -e $file ]]; then snap install "$file"; fi
    done
    """

  /// The packages start their units, and the rack's does so whatever the configuration: a masked unit waits (MAAS source,
  /// debian/maas-rack-controller.postinst). maas-region-controller is not used: it wants a PostgreSQL of its own on the host.
  private static func deb(_ host: MAASHost, _ builder: PlanBuilder) -> Step {
    let source: Shell =
      builder.topology.packages.aptSources == nil
      ? "add-apt-repository -y \("ppa:maas/\(host.version.line)")" : "apt-get -q -o DPkg::Lock::Timeout=300 update"
    return Step(
      host: builder[host.host], phase: .packages, name: "maas", title: "Install \(host.packages.joined(separator: " and "))",
      why: "Their units are masked until they are configured.", check: "packages_installed \(host.packages)",
      apply: """
        if ! packages_installed \(host.packages); then systemctl mask \(host.units); fi
        \(source)
        DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install \(host.packages)
        """,
      verify: "packages_installed \(host.packages)",
      rollback: """
        for unit in \(host.units); do
          if systemctl is-active --quiet "$unit"; then fail "$unit runs: removing MAAS would take the identity of this host along"; fi
        done
        apt-get -q -y -o DPkg::Lock::Timeout=300 remove \(host.packages)
        """, timeout: 1800, origin: builder.topology[host.host].span)
  }
}
