/// Where MAAS keeps its files, who owns them and which units run, by kind of installation and version.
/// `current` is the snap's revision link; a path with a revision number must never be written.
package struct Paths: Hashable, Sendable {
  package static let source =
    "MAAS source, src/provisioningserver/path.py, snap/local/tree (run-regiond, run-rackd, run-maas-agent), snap/hooks/install, debian/*.postinst"

  package let regiondConf: String
  package let rackdConf: String
  /// What racks authenticate with.
  package let secret: String
  package let maasID: String
  package let maasUUID: String
  /// The cluster's certificate; nil before 3.5.
  package let certificates: String?
  /// The agent's own certificate; nil before 3.8.
  package let agentCertificates: String?
  /// Boot images, on each region from 3.5; before, on each rack.
  package let images: String
  /// nil before 3.5, which has no agent.
  package let agent: String?
  package let dhcpdConf: String
  package let dhcpd6Conf: String
  /// Which role this snap has (`none`, `region`, `rack`, `region+rack` as `all`); nil for Debian packages, where the package says it.
  package let snapMode: String?
  package let owner: String
  package let group: String
  /// Of regiond.conf, rackd.conf and the secret.
  package let mode: UInt16
  /// The `maas` command.
  package let command: String
  private let install: InstallKind
  private let version: MAASVersion

  package init(install: InstallKind, version: MAASVersion) {
    let snap = install == .snap
    let hasAgent = Lifespan.since(3, 5).contains(version)
    let movesToCommon = Lifespan.since(3, 8).contains(version)
    let configuration = snap ? "/var/snap/maas/current" : "/etc/maas"
    let state = snap ? "/var/snap/maas/common/maas" : "/var/lib/maas"
    self.install = install
    self.version = version
    regiondConf = "\(configuration)/regiond.conf"
    rackdConf = "\(configuration)/rackd.conf"
    secret = "\(state)/secret"
    maasID = "\(state)/maas_id"
    maasUUID = "\(state)/maas_uuid"
    certificates = hasAgent ? (snap ? "\(configuration)/certificates" : "\(state)/certificates") : nil
    agentCertificates = movesToCommon ? (snap ? "/var/snap/maas/common/var/lib/maas/certificates" : "\(state)/certificates") : nil
    images = hasAgent ? "\(state)/image-storage" : "\(state)/boot-resources"
    agent = hasAgent ? (snap && movesToCommon ? "/var/snap/maas/common/etc/maas/agent.yaml" : "\(configuration)/agent.yaml") : nil
    dhcpdConf = "\(state)/dhcpd.conf"
    dhcpd6Conf = "\(state)/dhcpd6.conf"
    snapMode = snap ? "/var/snap/maas/common/snap_mode" : nil
    owner = snap ? "root" : "maas"
    group = owner
    mode = 0o640
    command = snap ? "/snap/bin/maas" : "/usr/bin/maas"
  }

  /// Units that must be active on a host with the role.
  package func units(_ role: ControllerRole) -> [String] {
    Units.table.filter { $0.install == install && $0.roles.contains(role) && $0.lifespan.contains(version) && !$0.onDemand }.map(\.unit)
  }

  /// Packages that bring the role; the snap brings both.
  package func packages(_ role: ControllerRole) -> [String] {
    guard install == .deb else { return ["maas"] }
    return role == .region ? ["maas-region-api"] : ["maas-rack-controller"]
  }
}
