package import Diagnostics
package import MAASFacts
package import NetworkTypes

/// What a region or rack may say against the installation as a whole.
package struct ControllerOverrides: Sendable {
  package var version: Located<MAASVersion>?
  package var install: Located<InstallKind>?
  package var channel: Located<Channel>?
  /// Further options of regiond.conf or rackd.conf, checked against the fact tables.
  package var options: [Setting]
  package init() { options = [] }
}

/// A region controller: API, UI, DNS, and the clients of the database.
package struct Region: Sendable {
  package var id: RegionID
  package var host: Located<HostID>
  package var span: Span
  /// Worker processes, default 4 (MAAS' own).
  package var numWorkers: Located<Int>?
  package var maasURL: Located<HTTPURL>?
  package var broadcastAddress: Located<IPAddress>?
  package var overrides: ControllerOverrides
}

/// A rack controller: DHCP, TFTP, DNS and power control for machines.
package struct Rack: Sendable {
  package var id: RackID
  package var host: Located<HostID>
  package var span: Span
  /// An override of the list that the planner would write; empty: the planner's.
  package var maasURLs: [Located<HTTPURL>]
  package var overrides: ControllerOverrides
}

// MARK: Reading

extension ControllerOverrides {
  static func read(_ reader: inout TopologyReader) -> ControllerOverrides {
    var result = ControllerOverrides()
    result.version = reader.scalar("version", .version, "Version of this controller, while an upgrade is under way.")
    result.install = reader.scalar("install", .choice("install kind"), "snap or deb, where this controller differs.")
    result.channel = reader.scalar("channel", .channel, "Snap channel, where this controller differs.")
    result.options = reader.readSettings("options", "Further options of the controller's configuration file, as MAAS names them.")
    return result
  }
}

extension Region {
  static func read(_ host: Located<HostID>?, _ span: Span, _ reader: inout TopologyReader) -> Region? {
    let overrides = ControllerOverrides.read(&reader)
    let numWorkers = reader.scalar("num_workers", .integer(), "Worker processes, default 4; each opens 10 database connections.")
    let maasURL = reader.scalar("maas_url", .url, "maas_url of this region; must be the same on all.")
    let broadcast = reader.scalar("broadcast_address", .address, "Address that the region gives to the others for Temporal (3.5+). Default: its own.")
    guard let host else { return nil }
    return Region(
      id: RegionID(0), host: host, span: span, numWorkers: numWorkers, maasURL: maasURL, broadcastAddress: broadcast, overrides: overrides)
  }
}

extension Rack {
  static func read(_ host: Located<HostID>?, _ span: Span, _ reader: inout TopologyReader) -> Rack? {
    let overrides = ControllerOverrides.read(&reader)
    let urls = reader.oneOrMore("maas_url", .url, "Where the rack finds MAAS. Default: the balanced endpoint first, then every region.")
    guard let host else { return nil }
    return Rack(id: RackID(0), host: host, span: span, maasURLs: urls, overrides: overrides)
  }
}
