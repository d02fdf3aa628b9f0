import MAASFacts
import Testing

@Suite struct PathTests {
  @Test(arguments: [
    (InstallKind.snap, "3.7", "/var/snap/maas/current/regiond.conf", "/var/snap/maas/common/maas/secret", "root"),
    (.deb, "3.6", "/etc/maas/regiond.conf", "/var/lib/maas/secret", "maas"),
  ])
  func configurationStandsAt(install: InstallKind, version: String, regiond: String, secret: String, owner: String) throws {
    let paths = try Paths(install: install, version: #require(MAASVersion(version)))
    #expect(paths.regiondConf == regiond)
    #expect(paths.secret == secret)
    #expect(paths.owner == owner)
    #expect(paths.mode == 0o640)
  }

  @Test(arguments: [
    (InstallKind.snap, "3.4", String?.none), (.snap, "3.5", "/var/snap/maas/current/agent.yaml"),
    (.snap, "3.8", "/var/snap/maas/common/etc/maas/agent.yaml"), (.deb, "3.4", nil), (.deb, "3.8", "/etc/maas/agent.yaml"),
  ])
  func theAgentsFileMoved(install: InstallKind, version: String, agent: String?) throws {
    #expect(try Paths(install: install, version: #require(MAASVersion(version))).agent == agent)
  }

  @Test(arguments: InstallKind.allCases, FactTables.lines)
  func noPathNamesARevision(install: InstallKind, version: MAASVersion) {
    let paths = Paths(install: install, version: version)
    for path in [paths.regiondConf, paths.rackdConf, paths.secret, paths.maasID, paths.images, paths.dhcpdConf] {
      #expect(path.hasPrefix("/"))
      #expect(!path.split(separator: "/").contains { Int($0) != nil || $0.hasPrefix("x") })
    }
  }

  @Test(arguments: [
    (InstallKind.snap, "3.4", ControllerRole.region, ["snap.maas.supervisor.service"]), (.snap, "3.7", .rack, ["snap.maas.pebble.service"]),
    (
      .deb, "3.4", .region,
      ["maas-regiond.service", "maas-http.service", "maas-syslog.service", "named.service", "chrony.service"]
    ),
    (
      .deb, "3.6", .rack,
      [
        "maas-rackd.service", "maas-agent.service", "maas-http.service", "maas-syslog.service", "named.service",
        "chrony.service",
      ]
    ),
  ])
  func unitsThatMustRun(install: InstallKind, version: String, role: ControllerRole, units: [String]) throws {
    #expect(try Paths(install: install, version: #require(MAASVersion(version))).units(role) == units)
  }

  @Test(arguments: FactTables.lines)
  func everyInstallationHasUnitsForEachRole(version: MAASVersion) {
    let installs = InstallKind.allCases.filter { $0 == .snap || Releases.release(version)?.debUbuntu != nil }
    for install in installs {
      for role in ControllerRole.allCases { #expect(!Paths(install: install, version: version).units(role).isEmpty) }
    }
  }
}
