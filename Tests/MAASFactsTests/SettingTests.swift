import MAASFacts
import Testing

@Suite struct SettingTests {
  /// Counted in each branch of MAAS' form of settings.
  @Test(arguments: [("3.4", 62), ("3.5", 64), ("3.6", 66), ("3.7", 66), ("3.8", 68), ("4.0", 68)])
  func everyVersionHasItsNumberOfSettings(version: String, count: Int) throws {
    #expect(try Settings.settings(for: #require(MAASVersion(version))).count == count)
  }

  @Test func namesAscendAndStandOnce() {
    let names = Settings.table.map(\.name)
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: [
    ("upstream_dns", MAASSetting.Kind.text), ("maas_proxy_port", .integer), ("enable_http_proxy", .boolean), ("dnssec_validation", .text),
  ])
  func aSettingHasAType(name: String, kind: MAASSetting.Kind) { #expect(Settings.setting(name)?.kind == kind) }
}
