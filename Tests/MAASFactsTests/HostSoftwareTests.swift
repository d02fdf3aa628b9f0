import MAASFacts
import Testing

@Suite struct HostSoftwareTests {
  @Test(arguments: [
    ("dnsmasq", ControllerRole.region, InstallKind.deb, true), ("dnsmasq.service", .rack, .snap, true), ("ntp", .rack, .deb, true),
    ("tftpd-hpa", .rack, .deb, true), ("tftpd-hpa", .region, .deb, false), ("squid-deb-proxy", .region, .snap, true),
    ("chrony", .region, .deb, false),
    ("chrony", .region, .snap, true), ("postgresql", .region, .snap, false), ("bind9", .region, .deb, false),
  ])
  func softwareClashesWithARole(name: String, role: ControllerRole, install: InstallKind, clashes: Bool) {
    #expect((Conflicts.conflict(name, role, install) != nil) == clashes)
  }

  @Test(arguments: [
    ("maas", "3.8", [String]()), ("pass%word", "3.6", []), ("pass%word", "3.7", ["%"]), ("a@b", "3.7", ["@"]), ("a\"b", "3.4", []),
    ("a\"b", "3.5", ["\"\\"]), ("a/b", "3.7", []), ("a/b", "3.8", ["#?/ %"]),
  ])
  func charactersBreakByVersion(text: String, version: String, hazards: [String]) throws {
    #expect(try CredentialCharset.hazards(in: text, #require(MAASVersion(version))).map(\.characters) == hazards)
  }

  /// What is called safe is in no hazard.
  @Test func safeCharactersAreSafe() {
    let safe = (UInt8.min...UInt8.max).filter { CredentialCharset.isSafe($0) }
    #expect(safe.count == 66)
    let text = String(decoding: safe, as: UTF8.self)
    #expect(CredentialCharset.hazards(in: text, MAASVersion(4, 0)).isEmpty)
  }

  @Test(arguments: [("3.7", true), ("3.8", true), ("4.0", false)])
  func vmHostsEndWith38(version: String, there: Bool) throws { #expect(try VMHosts.lifespan.contains(#require(MAASVersion(version))) == there) }
}
