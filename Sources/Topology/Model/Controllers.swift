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
