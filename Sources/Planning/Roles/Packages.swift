import Diagnostics
import Formats
import MAASFacts
import Topology

/// What is installed on each host. Nothing that a package brings starts before it is configured.
package enum PackagesRole {
  /// Names the steps that later roles wait for; what is to be installed is known only when every role has spoken.
  static func announce(_ builder: inout PlanBuilder) {
    for host in builder.changedHosts where builder.isFull(.packages, on: host) {
      builder.reach(.packages(host), with: StepID(host: builder[host].name, phase: .packages, name: PackageInstallation.name))
      if MAASPackages(builder, host)?.kind == .snap {
        builder.reach(.packages(host), with: StepID(host: builder[host].name, phase: .packages, name: SnapInstallation.name))
      }
    }
  }

  /// Runs after all roles.
  package static func plan(_ builder: inout PlanBuilder) {
    for host in builder.changedHosts {
      addTools(to: host, &builder)
      guard builder.isFull(.packages, on: host) else { continue }
      let maas = MAASPackages(builder, host)
      if let maas, maas.kind == .deb { builder[host].packages += maas.names.filter { !builder[host].packages.contains($0) } }
      let sources = AptSetup(builder, host).step(&builder).map { builder.add($0) }
      let installation = PackageInstallation(builder, host, maas)
      var step = installation.step(builder)
      step.after += [sources].compactMap { $0 }
      builder.add(step)
      if let maas, maas.kind == .snap { builder.add(SnapInstallation(builder, host, maas).step(builder)) }
    }
  }

  /// What steps and probes call.
  private static func addTools(to host: HostID, _ builder: inout PlanBuilder) {
    let roles = builder.index.roles[host.index]
    guard roles.isController || roles.contains(.haproxy) else { return }
    for name in ["curl", "jq"] where !builder[host].packages.contains(name) { builder[host].packages.append(name) }
  }
}

/// MAAS' packages on a controller.
struct MAASPackages {
  let kind: InstallKind
  let version: MAASVersion
  let channel: String
  let names: [String]
  /// Units that must not run before they are configured.
  let units: [String]

  init?(_ builder: PlanBuilder, _ host: HostID) {
    let topology = builder.topology
    guard builder.index.roles[host.index].isController, builder.isFull(.maas, on: host) else { return nil }
    kind = topology.installKind(on: host).value
    version = topology.version(on: host).value
    channel = topology.channel(on: host).value.description
    let paths = Paths(install: kind, version: version)
    let roles = ControllerRole.allCases.filter { role in builder.index.roles[host.index].contains(role == .region ? .region : .rack) }
    names = roles.flatMap { paths.packages($0) }
    var units: [String] = []
    for unit in roles.flatMap({ paths.units($0) }) where unit.hasPrefix("maas-") && !units.contains(unit) { units.append(unit) }
    self.units = units
  }
}

/// The distribution's packages of one host, in one transaction.
struct PackageInstallation {
  static let name = "install"
  let host: HostPlan
  let names: [String]
  let masked: [String]
  let origin: Span

  init(_ builder: PlanBuilder, _ id: HostID, _ maas: MAASPackages?) {
    host = builder[id]
    names = host.packages
    masked = maas?.units ?? []
    origin = builder.topology[id].span
  }

  func step(_ builder: PlanBuilder) -> Step {
    let isDone: Shell = """
      packages_installed \(names)
      [[ ! -e \(Self.guardFile) ]] || ! grep -q maasc \(Self.guardFile)
      """
    return Step(
      host: host, phase: .packages, name: Self.name, title: "Install \(names.joined(separator: ", "))",
      why: "Packages start their services as soon as they are unpacked; these start when their step has configured them.",
      after: builder.after(.ready, .beforePackages(host.id)), check: isDone, apply: apply, verify: isDone, timeout: 1800, origin: origin)
  }

  /// What invoke-rc.d and deb-systemd-invoke ask before they start or restart anything (Debian policy 9.3.3, policy-rc.d).
  private static let guardFile = "/usr/sbin/policy-rc.d"

  private var apply: Shell {
    let mask: Shell =
      masked.isEmpty ? "" : "for unit in \(masked); do systemctl is-enabled --quiet \"$unit\" || systemctl mask --quiet \"$unit\"; done"
    return mask + """
      policy=\(Self.guardFile)
      if [[ ! -e $policy ]] || grep -q maasc "$policy"; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\\n# Set by maasc while packages are installed: services start when they are configured.\\nexit 101\\n' >"$policy"
        chmod 755 "$policy"
      fi
      export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
      dpkg --configure -a
      apt-get -q -o DPkg::Lock::Timeout=300 update
      apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install --no-install-recommends \(names)
      """
  }
}

/// The MAAS snap: from the store, or from files where a site has none.
struct SnapInstallation {
  static let name = "snap"
  /// Where the operator's snap files lie on a host.
  static let folder = "/var/lib/maasc/snaps"
  let host: HostPlan
  let channel: String
  let cohort: String?
  let files: Located<String>?
  let origin: Span

  init(_ builder: PlanBuilder, _ id: HostID, _ maas: MAASPackages) {
    host = builder[id]
    channel = maas.channel
    cohort = builder.topology.packages.snapCohort?.value
    files = builder.topology.packages.snapFiles
    origin = builder.topology[id].span
  }

  func step(_ builder: PlanBuilder) -> Step {
    let isInstalled: Shell = "snap list maas >/dev/null 2>&1"
    return Step(
      host: host, phase: .packages, name: Self.name, title: "Install the MAAS snap from \(files == nil ? channel : "files")",
      why: "It starts nothing before `maas init`. A snap that is there stays at its revision: an upgrade is a change of its own.",
      after: builder.after(.ready) + [StepID(host: host.name, phase: .packages, name: PackageInstallation.name)], check: isInstalled,
      apply: files.map { fromFiles($0.value) } ?? fromStore, verify: isInstalled, timeout: 1800, origin: files?.span ?? origin)
  }

  private var fromStore: Shell {
    let options = ["--channel=\(channel)"] + (cohort.map { ["--cohort=\($0)"] } ?? [])
    return "snap install maas \(options)"
  }

  private func fromFiles(_ source: String) -> Shell {
    """
    shopt -s nullglob
    assertions=(\(Self.folder)/*.assert) snaps=(\(Self.folder)/*.snap)
    ((${#snaps[@]} > 0)) || fail \("there is no snap in \(Self.folder): copy the files of \(source) there")
    for file in "${assertions[@]}"; do snap ack "$file"; done
    for file in "${snaps[@]}"; do
      case ${file##*/} in
        maas_*) last=$file ;;
        *) snap install "$file" ;;
      esac
    done
    snap install "${last:-${snaps[0]}}"
    """
  }
}
