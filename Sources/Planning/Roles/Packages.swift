import Diagnostics
import Formats
import MAASFacts
import Topology

/// What is installed on each host. Nothing that a package brings starts before it is configured.
package enum PackagesRole {
  /// Runs after all roles: only when every one has spoken is it known what is to be installed.
  package static func plan(_ builder: inout PlanBuilder) {
    for host in builder.hosts.map(\.id) where !builder.isFull(.packages, on: host) { builder[host].packages = [] }
    for host in builder.changedHosts where builder.isFull(.packages, on: host) {
      addTools(to: host, &builder)
      builder[host].packages = unique(builder[host].packages)
      if let sources = AptSetup(builder, host).step(&builder) { builder.add(sources, reaching: .beforePackages(host)) }
      builder.add(PackageInstallation(builder, host).step(builder), reaching: .distribution(host))
    }
  }

  /// Several roles may want one package.
  private static func unique(_ names: [String]) -> [String] {
    names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
  }

  /// What steps and probes call.
  private static func addTools(to host: HostID, _ builder: inout PlanBuilder) {
    let roles = builder.index.roles[host.index]
    guard roles.isController || roles.contains(.haproxy) else { return }
    var names = ["curl", "jq"]
    if roles.isController, builder.topology.installKind(on: host).value == .deb, builder.topology.packages.aptSources == nil {
      // add-apt-repository, which fetches the key of MAAS' archive.
      names.append("software-properties-common")
    }
    builder[host].packages += names.filter { !builder[host].packages.contains($0) }
  }
}

/// The distribution's packages of one host, in one transaction.
struct PackageInstallation {
  let host: HostPlan
  let names: [String]
  let origin: Span

  init(_ builder: PlanBuilder, _ id: HostID) {
    host = builder[id]
    names = host.packages
    origin = builder.topology[id].span
  }

  func step(_ builder: PlanBuilder) -> Step {
    let isDone: Shell = """
      packages_installed \(names)
      [[ ! -e \(Self.guardFile) ]] || ! grep -q maasc \(Self.guardFile)
      """
    return Step(
      host: host, phase: .packages, name: "install", title: "Install \(names.joined(separator: ", "))",
      why: "Packages start their services as soon as they are unpacked; these start when their step has configured them.",
      after: builder.after(.beforePackages(host.id)), check: isDone, apply: apply, verify: isDone,
      back: "apt-get remove what /var/log/apt/history.log says that it brought; it does no harm where it stays", timeout: 1800, origin: origin)
  }

  /// What invoke-rc.d and deb-systemd-invoke ask before they start or restart anything (Debian policy 9.3.3, policy-rc.d).
  private static let guardFile = "/usr/sbin/policy-rc.d"

  private var apply: Shell {
    """
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
