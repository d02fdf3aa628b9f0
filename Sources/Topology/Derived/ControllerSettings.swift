import Diagnostics
package import MAASFacts
package import NetworkTypes

extension Topology {
  /// The MAAS version that a controller runs. A host that is no controller has the installation's.
  package func version(on host: HostID) -> Derived<MAASVersion> {
    if let own = override(on: host, \.version) { return Derived(given: own) }
    return Derived(given: maas.version)
  }

  /// The newest version among the regions: what the load balancer, the database and the firewall must serve.
  package var servedVersion: MAASVersion {
    regions.map { version(on: $0.host.value).value }.max() ?? maas.version.value
  }

  /// Packages are snaps unless the file says otherwise: Debian packages end with 3.8.
  package func installKind(on host: HostID) -> Derived<InstallKind> {
    Derived(
      override(on: host, \.install) ?? maas.install, else: .snap, because: "MAAS' documentation installs the snap; Debian packages end with 3.8")
  }

  /// The snap channel of a controller.
  package func channel(on host: HostID) -> Derived<Channel> {
    let line = version(on: host).value.line
    let risk = Releases.release(line).flatMap { Channel.Risk(rawValue: $0.channelRisk) } ?? .stable
    return Derived(
      override(on: host, \.channel) ?? maas.channel, else: Channel(track: line.description, risk: risk),
      because: "the track of MAAS \(line), as of \(Releases.asOf)")
  }

  /// Worker processes of regiond.
  package func numWorkers(of region: Region) -> Derived<Int> {
    Derived(region.numWorkers, else: Workers.usual, because: "MAAS' own default")
  }

  /// What the region's Temporal tells the other regions to dial; nil before 3.5, which has no Temporal.
  package func broadcastAddress(of region: Region) -> Derived<IPAddress>? {
    guard ControllerOptions.regiond.option("broadcast_address", for: version(on: region.host.value).value) != nil else { return nil }
    return Derived(
      region.broadcastAddress, else: self[region.host.value].address.value,
      because:
        "the region's own address; left out, MAAS would take the one on the way to maas_url, which is the virtual address on the host that holds it")
  }

  /// What the host's region says, else what its rack says.
  private func override<Value>(on host: HostID, _ key: KeyPath<ControllerOverrides, Located<Value>?>) -> Located<Value>? {
    if let region = self[host].region, let own = self[region].overrides[keyPath: key] { return own }
    return self[host].rack.flatMap { self[$0].overrides[keyPath: key] }
  }
}
