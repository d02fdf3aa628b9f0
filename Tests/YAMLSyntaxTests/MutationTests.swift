import Diagnostics
import TestSupport
import Testing

/// Damaged files: whatever a byte turns into, reading ends without a crash, and every span lies inside the file.
@Suite struct MutationTests {
  static let seed = """
    schema: 1
    name: prague
    maas: {version: "3.7", url: http://maas.example.net/MAAS}
    secrets: {database: {file: /root/db}}
    hosts:
      infra-1: &h {address: 10.20.0.11, zone: 行-a}
      rack-1: {<<: *h, address: 10.20.0.12, addresses: {v: [10.30.0.2, "2001:db8::2"]}}
    regions: {infra-1: }
    racks: {rack-1: {maas_url: [http://a/MAAS]}}
    postgresql: {mode: external, external: {host: pg}, database: {password: database}}
    fabrics: {f: {v: {vid: 5, subnets: {10.30.0.0/24: {ranges: [{type: dynamic, start: 10.30.0.9, end: 10.30.0.20}]}}, dhcp: {primary_rack: rack-1}}}}
    """

  @Test(arguments: 0..<8) func damagedFilesAreRead(_ salt: Int) {
    var state = UInt64(salt) &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let interesting: [UInt8] = Array("{}[]:,#&*!|>'\"\n\t -@%0~\u{FF}\u{0}é".utf8)
    for _ in 0..<250 {
      var bytes = Array(Self.seed.utf8)
      for _ in 0...random(4) {
        let place = random(bytes.count)
        switch random(3) {
        case 0: bytes[place] = interesting[random(interesting.count)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(interesting[random(interesting.count)], at: place)
        }
      }
      let result = read(bytes: bytes)
      for finding in result.diagnostics {
        for label in [finding.primary] + finding.secondary {
          guard let place = result.map.resolve(label.span) else {
            Issue.record("no place for \(finding)")
            continue
          }
          #expect(place.span.lower <= place.span.upper && place.span.upper <= result.file.span.upper)
        }
      }
    }
  }
}
