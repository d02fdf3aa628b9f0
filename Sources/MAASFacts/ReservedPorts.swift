/// Ports that `maas_proxy_port` and `maas_syslog_port` may not have.
package struct ReservedPorts: Sendable {
  /// MAAS' own.
  package let maas: ClosedRange<Int>
  /// Refused as ports of the system's own services.
  package let system = 0...1023

  package static let source =
    "MAAS source, src/maasserver/forms/settings.py to 3.6, src/maasservicelayer/models/configurations.py (validate_port) from 3.7"

  package init(_ version: MAASVersion) {
    maas = Lifespan.since(3, 7).contains(version) ? 5239...5284 : 5240...5270
  }

  /// The range that makes MAAS refuse the setting; nil: it takes the port. The syslog port's own default lies within MAAS' range.
  package func refusal(of port: Int, setting: String) -> ClosedRange<Int>? {
    if setting == "maas_syslog_port", port == Ports.syslog { return nil }
    return [maas, system].first { $0.contains(port) }
  }
}
