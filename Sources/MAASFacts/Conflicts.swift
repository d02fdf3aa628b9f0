/// Software that does not go with a controller on one host.
package enum Conflicts {
  package struct Conflict: Sendable {
    /// Names of its packages and units, as people write them.
    package let names: [String]
    package let roles: [ControllerRole]
    package let installs: [InstallKind]
    package let why: String
    package let source: String

    package func applies(_ role: ControllerRole, _ install: InstallKind) -> Bool { roles.contains(role) && installs.contains(install) }
  }

  package static let table: [Conflict] = [
    row(
      ["dnsmasq"], [.region], [.deb], "maas-region-api conflicts with it, and MAAS' own DNS server needs port 53", "MAAS source, debian/control"),
    row(["dnsmasq"], [.region], [.snap], "MAAS' own DNS server needs port 53", "MAAS source, snap/local (bind9)"),
    row(
      ["dnsmasq"], [.rack], [.snap, .deb], "MAAS' own DNS, DHCP and TFTP servers need ports 53, 67 and 69",
      "MAAS source, src/provisioningserver/rackdservices"),
    row(
      ["ntp", "ntpsec", "openntpd"], [.region, .rack], [.deb], "the MAAS packages conflict with ntp, and chrony needs port 123",
      "MAAS source, debian/control"),
    row(["ntp", "ntpsec", "openntpd"], [.region, .rack], [.snap], "MAAS' own chrony needs port 123", "LP 2003812"),
    row(["chrony", "chronyd"], [.region, .rack], [.snap], "the snap runs a chrony of its own, which needs port 123", "LP 2003812"),
    row(
      ["systemd-timesyncd"], [.region, .rack], [.snap, .deb], "two NTP clients set one clock",
      "MAAS source, docs/how-to-guides/get-started/install-maas.md"),
    row(
      ["tftpd-hpa", "atftpd", "tftpd"], [.rack], [.deb], "maas-rack-controller conflicts with tftpd-hpa, and rackd needs port 69",
      "MAAS source, debian/control"),
    row(["tftpd-hpa", "atftpd", "tftpd"], [.rack], [.snap], "rackd needs port 69", "MAAS source, src/provisioningserver/rackdservices/tftp.py"),
    row(["squid-deb-proxy"], [.region, .rack], [.deb], "maas-proxy conflicts with it, and needs port 8000", "MAAS source, debian/control"),
    row(["squid-deb-proxy"], [.region, .rack], [.snap], "MAAS' own proxy needs port 8000", "MAAS source, snap/local (proxy)"),
    row(["squid"], [.region, .rack], [.deb], "maas-proxy runs a squid of its own and turns this one off", "MAAS source, debian/maas-proxy.postinst"),
    row(
      ["isc-dhcp-server", "isc-dhcp-server6"], [.rack], [.deb], "maas-dhcp turns it off, and MAAS' own dhcpd needs port 67",
      "MAAS source, debian/maas-dhcp.postinst"),
    row(["isc-dhcp-server", "isc-dhcp-server6"], [.rack], [.snap], "MAAS' own dhcpd needs port 67", "MAAS source, snap/local (dhcpd)"),
    row(["kea-dhcp4-server", "kea"], [.rack], [.snap, .deb], "MAAS' own dhcpd needs port 67", "MAAS source, src/provisioningserver/dhcp"),
    row(
      ["bind9", "named"], [.region, .rack], [.snap], "the snap runs a named of its own, which needs port 53", "MAAS source, snap/local (bind9)"),
    row(["nginx"], [.region, .rack], [.deb], "maas-common turns the nginx service off and runs its own", "MAAS source, debian/maas-common.postinst"),
  ]

  /// Why a package or unit of this name does not go with the role; nil: it does.
  package static func conflict(_ name: String, _ role: ControllerRole, _ install: InstallKind) -> Conflict? {
    let bare = name.hasSuffix(".service") ? String(name.dropLast(".service".count)) : name
    return table.first { $0.applies(role, install) && $0.names.contains(bare) }
  }

  private static func row(
    _ names: [String], _ roles: [ControllerRole], _ installs: [InstallKind], _ why: String, _ source: String
  ) -> Conflict {
    Conflict(names: names, roles: roles, installs: installs, why: why, source: source)
  }
}
