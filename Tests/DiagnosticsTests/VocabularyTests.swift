import Diagnostics
import Testing

@Suite struct VocabularyTests {
  static let keys = ["primary_rack", "secondary_rack", "bandwidth", "address", "port", "vid", "vlan", "mtu"]

  @Test(arguments: [
    ("primaryRack", "primary_rack"), ("PRIMARY-RACK", "primary_rack"), ("primary rack", "primary_rack"),
    ("bandwith", "bandwidth"), ("bandwdith", "bandwidth"), ("badnwidht", "bandwidth"),
    ("prot", "port"), ("vdi", "vid"), ("adress", "address"), ("secondary_rak", "secondary_rack"),
    ("bind_ip", "address"), ("bindIP", "address"),
  ])
  func findsWhatWasMeant(written: String, meant: String) {
    #expect(Vocabulary(Self.keys, aliases: ["bind_ip": "address"]).nearest(to: written) == meant)
  }

  @Test(arguments: ["", "x", "pt", "gateway", "wordofnolikeness", "bandlimits", "日本"])
  func staysSilentWhereNothingIsNear(written: String) {
    #expect(nearest(to: written, in: Self.keys) == nil)
  }

  @Test func takesTheNearestAndTheFirstOfEquals() {
    #expect(nearest(to: "infra-4", in: ["infra-10", "infra-2", "infra-3"]) == "infra-2")
    #expect(nearest(to: "rack-21", in: ["rack-12", "rack-22", "rack-211"]) == "rack-12")
    #expect(Vocabulary(["ctl-a", "ctl-b", "other"]).allNearest(to: "ctl-c") == ["ctl-a", "ctl-b"])
  }

  @Test func hintsAtTheSimilarWordOrTheShortSet() {
    #expect(Vocabulary(Self.keys).hint(for: "prot", noun: "key") == "a key with a similar name exists: port")
    #expect(Vocabulary(["snap", "deb"]).hint(for: "rpm-ostree", noun: "value") == "known here: snap, deb")
    #expect(Vocabulary((1...9).map { "host-\($0)" }).hint(for: "something", noun: "host") == nil)
  }
}
