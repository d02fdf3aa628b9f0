import Formats
import TestSupport
import Testing

@Suite struct RestrictedTextTests {
  @Test(arguments: ["maas-api", "pg:5432", "a.b_c"]) func haproxyAdmits(_ name: String) {
    #expect(HAProxyName(name)?.description == name)
  }

  @Test(arguments: ["", "a b", "$HOME", "a\nb", "é", "a\"", "a#b", String(repeating: "a", count: 129)]) func haproxyRefuses(_ name: String) {
    #expect(HAProxyName(name) == nil)
  }

  @Test(arguments: ["/MAAS/rpc/$x", "a b", "\\", "'", "\"", "#", "\t"]) func noVariableComesIntoAHAProxyWord(_ text: String) {
    #expect(HAProxyWord(text) == nil)
  }

  @Test(arguments: ["", "1set", "a b", "a;b", "a{", "_x"]) func nftRefuses(_ name: String) { #expect(NftName(name) == nil) }
  @Test(arguments: ["", "a b.service", "a/b.service", "a\n.service"]) func systemdRefuses(_ name: String) { #expect(UnitName(name) == nil) }
  @Test(arguments: ["eth0", "bond0.100", "br-lan", "eth0:1"]) func interfacesOfLinux(_ name: String) { #expect(InterfaceName(name) != nil) }
  @Test(arguments: ["", "eth 0", "e/0", "averyveryverylongname"]) func noInterfaces(_ name: String) { #expect(InterfaceName(name) == nil) }

  @Test func sanitisingGivesWhatTheSyntaxAdmits() {
    #expect(HAProxyName(sanitizing: "a b$é").description == "a_b__")
    #expect(NftName(sanitizing: "9lives").description == "xlives")
    #expect(NftComment(sanitizing: String(repeating: "漢", count: 60)).description.utf8.count <= 127)
  }

  @Test func sanitisedTextsAreAdmitted() {
    var hostile = HostileText(seed: 7)
    for text in hostile.next(300) {
      #expect(HAProxyName(HAProxyName(sanitizing: text).description) != nil, "\(text.debugDescription)")
      #expect(NftName(NftName(sanitizing: text).description) != nil, "\(text.debugDescription)")
      #expect(SystemdName(SystemdName(sanitizing: text).description) != nil, "\(text.debugDescription)")
      #expect(LineText(LineText(sanitizing: text).description) != nil, "\(text.debugDescription)")
    }
  }
}
