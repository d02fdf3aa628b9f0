import Diagnostics
import Formats
import Topology

/// Nothing that carries MAAS changes its version by itself: a snap that refreshes on one region migrates the schema under the others, and a
/// database or load balancer that restarts at night is an outage.
package enum HoldRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    for host in topology.hosts.map(\.id) where topology.level(of: .packages, on: host) == .full {
      let held = HeldPackages(builder, host)
      if !held.snaps.isEmpty { builder.add(holdSnaps(held, builder), reaching: .held) }
      if !held.debs.isEmpty {
        builder[host].files += held.files(builder)
        builder.add(holdDebs(held, builder), reaching: .held)
      }
    }
  }

  private static func holdSnaps(_ held: HeldPackages, _ builder: PlanBuilder) -> Step {
    let isHeld: Shell = "snap list maas | awk 'NR == 2 && $NF ~ /held/ { found = 1 } END { exit !found }'"
    return Step(
      host: builder[held.host], phase: .hold, name: "snaps", title: "Hold the MAAS snap",
      why: "A refresh migrates the database under the other regions; it belongs to a planned upgrade.", after: held.after(builder), check: isHeld,
      apply: "snap refresh --hold maas", verify: isHeld, rollback: "snap refresh --unhold maas", origin: held.origin)
  }

  private static func holdDebs(_ held: HeldPackages, _ builder: PlanBuilder) -> Step {
    let files = held.files(builder)
    let isHeld: Shell = """
      packages_held \(held.debs)
      \(Shell.lines(files.map { "file_current \($0.path) root root 644" }))
      """
    let hold: Shell = """
      hold_packages \(held.debs)
      \(Shell.lines(files.map { "install_file \($0.path) root root 644" }))
      """
    let release: Shell = """
      apt-mark unhold \(held.debs)
      \(Shell.lines(files.map { "restore_file \($0.path)" }))
      """
    return Step(
      host: builder[held.host], phase: .hold, name: "packages", title: "Hold \(held.debs.joined(separator: ", "))",
      why: "Neither an unattended upgrade nor needrestart may replace or restart what carries MAAS.", after: held.after(builder), check: isHeld,
      apply: hold, verify: isHeld, rollback: release, origin: held.origin)
  }
}
