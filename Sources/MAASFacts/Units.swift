/// What a controller does.
package enum ControllerRole: String, Sendable, CaseIterable { case region, rack }

/// The systemd units that MAAS brings.
package enum Units {
  package struct Unit: Sendable {
    package let unit: String
    package let install: InstallKind
    package let roles: [ControllerRole]
    package let lifespan: Lifespan
    /// Started and stopped by MAAS itself, as VLANs and settings want it, so inactive is no fault.
    package let onDemand: Bool
  }

  package static let source =
    "MAAS source, debian/*.service, debian/control, snap/snapcraft.yaml, service_monitor.py of src/maasserver and src/provisioningserver"

  /// Units that run as soon as they are installed: they need nothing from regiond.conf or rackd.conf, and MAAS configures them when it runs.
  package static let independent = [
    "maas-http.service", "maas-proxy.service", "maas-syslog.service", "named.service", "chrony.service",
  ]

  package static let table: [Unit] = [
    row("snap.maas.supervisor.service", .snap, [.region, .rack], .until(3, 4)),
    row("snap.maas.pebble.service", .snap, [.region, .rack], .since(3, 5)),
    row("maas-regiond.service", .deb, [.region], .until(3, 8)),
    row("maas-apiserver.service", .deb, [.region], Lifespan(since: MAASVersion(3, 5), until: MAASVersion(3, 8))),
    row("maas-temporal.service", .deb, [.region], Lifespan(since: MAASVersion(3, 5), until: MAASVersion(3, 8))),
    row("maas-temporal-worker.service", .deb, [.region], Lifespan(since: MAASVersion(3, 5), until: MAASVersion(3, 8))),
    row("maas-openfga.service", .deb, [.region], Lifespan(since: MAASVersion(3, 8), until: MAASVersion(3, 8))),
    row("maas-rackd.service", .deb, [.rack], .until(3, 8)),
    row("maas-agent.service", .deb, [.rack], Lifespan(since: MAASVersion(3, 5), until: MAASVersion(3, 8))),
    row("maas-http.service", .deb, [.region, .rack], .until(3, 8)),
    row("maas-proxy.service", .deb, [.region, .rack], .until(3, 8), onDemand: true),
    row("maas-syslog.service", .deb, [.region, .rack], .until(3, 8)),
    row("maas-dhcpd.service", .deb, [.rack], .until(3, 8), onDemand: true),
    row("maas-dhcpd6.service", .deb, [.rack], .until(3, 8), onDemand: true),
    row("named.service", .deb, [.region, .rack], .until(3, 8)),
    row("chrony.service", .deb, [.region, .rack], .until(3, 8)),
  ]

  private static func row(
    _ unit: String, _ install: InstallKind, _ roles: [ControllerRole], _ lifespan: Lifespan, onDemand: Bool = false
  ) -> Unit {
    Unit(unit: unit, install: install, roles: roles, lifespan: lifespan, onDemand: onDemand)
  }
}
