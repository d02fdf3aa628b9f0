import Diagnostics
import Foundation
import NetworkTypes
import TestSupport
import Testing
import Topology

@Suite struct ReadingTests {
  @Test func scratch() throws {
    let text = try String(contentsOfFile: "/tmp/split.yaml", encoding: .utf8)
    let result = read(text)
    print(result.lines)
    let bad = """
      schema: 2
      name: a b
      maas: {version: "3.7x", urll: http://x}
      hosts:
        a: {address: 10.0.0.300}
        b: {adress: 10.0.0.1}
        $(reboot): {address: 10.0.0.2}
        c: &c {address: 10.0.0.3, zone: no}
        d: {<<: *c, address: 10.0.0.4, foo: 1}
      regions: {a: , b: , e: }
      racks: {c: {}}
      postgresql: {mode: patronii, members: [c]}
      fabrics: {f: {v: {vid: x, dhcp: {primary_rack: b}, subnets: {10.0.0.1/24: {}}}}}
      """
    for line in read(bad).lines { print(line) }
    print(read("a: [1, 2").diagnostics.map(\.message), read("a:\n\tb: 1").diagnostics.map(\.message), read("x: 2001:db8::").lines, read("x: ::1").lines)
  }
}
