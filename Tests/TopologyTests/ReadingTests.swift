import Diagnostics
import MAASFacts
import NetworkTypes
import TestSupport
import Testing
import Topology

/// The smallest topology, with `extra` sections after it.
func minimal(_ extra: String = "", hosts: String = "", regions: String = "a: {}", racks: String = "a: {}") -> String {
  """
  schema: 1
  name: small
  maas: {version: "3.7"}
  secrets: {database: {file: /root/db}}
  hosts:
    a: {address: 10.0.0.1}
  \(hosts.isEmpty ? "" : hosts.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
  regions: {\(regions)}
  racks: {\(racks)}
  postgresql: {mode: external, external: {host: pg.example.net}, database: {password: database}}
  \(extra)
  """
}

@Suite struct ReadingTests {
  @Test func aSmallFileIsWhole() throws {
    let result = read(minimal())
    #expect(result.lines == [])
    let topology = try #require(result.topology)
    #expect(topology.isComplete)
    #expect(topology.maas.version.value == MAASVersion(3, 7))
    #expect(topology[topology.regions[0].host.value].name.value.description == "a")
    guard case .external(let external) = topology.postgresql.deployment else { throw Failure() }
    #expect(external.host.value.description == "pg.example.net")
  }

  /// A name may be that of a section: nothing is lost then, and what is undefined is still told.
  @Test(arguments: [
    minimal("manage: {packages: observe, haproxy: none}"), minimal(hosts: "backup: {address: 10.0.0.2}", racks: "backup: {}"),
    minimal("fabrics: {firewall: {load_balancer: {}}}"), minimal("vm_hosts: {maas: {type: lxd}}", hosts: "maas: {address: 10.0.0.2}"),
  ])
  func namesOfSectionsAreNames(yaml: String) throws {
    let result = read(yaml)
    #expect(result.lines == [])
    #expect(try #require(result.topology).isComplete)
  }

  @Test func aHostNamedLikeASectionHidesNothing() {
    let yaml = minimal(hosts: "secrets: {address: 10.0.0.2}", regions: "a: , secrets: ").replacing(
      "secrets: {database: {file: /root/db}}\n", with: "")
    #expect(read(yaml).lines == ["9:85 M106 the secret 'database' is not declared in this file"])
  }

  struct Failure: Error {}

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var yaml: String
    var findings: [String]
  }

  static let cases = [
    Case(
      testDescription: "every error in one run",
      yaml: """
        schema: 2
        name: a b
        maas: {version: "3.7x", urll: http://x}
        hosts:
          a: {address: 10.0.0.300}
          b: {adress: 10.0.0.1}
          $(reboot): {address: 10.0.0.2}
          ../../etc/cron.d/x: {address: 10.0.0.5}
          "x\\ny": {address: 10.0.0.6}
          c: {address: 10.0.0.3, zone: no}
        regions: {a: , b: , c: , e: }
        racks: {c: {}}
        postgresql: {mode: patronii, members: [c]}
        """,
      findings: [
        "1:9 M105 '2' is no version of the topology language, this maasc knows 1",
        "2:7 M105 'a b' is no name, letters, digits, '_', '.' and '-', at most 63, not beginning with '.' or '-'",
        "3:17 M105 '3.7x' is no MAAS version, wanted is X.Y or X.Y.Z",
        "3:25 M103 the key 'urll' is not known here",
        "5:16 M105 '10.0.0.300' is no IP address",
        "6:7 M103 the key 'adress' is not known here",
        "7:3 M105 '$(reboot)' is no host name, letters, digits and inner hyphens are allowed, labels joined by dots",
        "8:3 M105 '../../etc/cron.d/x' is no host name, letters, digits and inner hyphens are allowed, labels joined by dots",
        "9:3 M105 'x…' is no host name, letters, digits and inner hyphens are allowed, labels joined by dots",
        "11:26 M106 the host 'e' is not declared in this file",
        "13:20 M105 'patronii' is no PostgreSQL mode, allowed are streaming, patroni, external",
      ]),
    Case(
      testDescription: "missing keys, at the mapping that should hold them", yaml: "schema: 1\nmaas: {}\n",
      findings: [
        "1:1 M110 the key 'name' is missing here", "1:1 M110 the key 'hosts' is missing here", "1:1 M110 the key 'regions' is missing here",
        "1:1 M110 the key 'racks' is missing here", "1:1 M110 the key 'postgresql' is missing here", "2:7 M110 the key 'version' is missing here",
      ]),
    Case(testDescription: "an empty file", yaml: "# nothing\n", findings: ["1:1 M110 the file is empty, a topology begins with 'schema: 1'"]),
    Case(
      testDescription: "wrong kinds", yaml: minimal("firewall: [a]\nbackup: {host: [a]}\nhaproxy: 5\nmanage: {default: }"),
      findings: [
        "11:11 M104 a mapping is wanted here, this is a list", "12:16 M104 a host is wanted here, this is a list",
        "13:10 M104 a mapping is wanted here, this is the value '5'", "14:19 M104 a value is missing here, wanted is a management level",
      ]),
    Case(
      testDescription: "networks with host bits suggest the network", yaml: minimal("fabrics: {f: {v: {subnets: {10.1.0.1/24: {}}}}}"),
      findings: [
        "11:29 M105 '10.1.0.1/24' is no network, host bits are set, the network is 10.1.0.0/24"
      ]),
    Case(
      testDescription: "one network in two spellings", yaml: minimal("fabrics: {f: {v: {subnets: {\"2001:db8::/64\": {}, \"2001:0db8::/64\": {}}}}}"),
      findings: [
        "11:50 M102 this is the network 2001:db8::/64 a second time, in another spelling"
      ]),
    Case(
      testDescription: "a VLAN name in two fabrics",
      yaml: minimal(
        "fabrics: {f: {v: {}}, g: {v: {}, w: {relay: {to: v}}, x: {relay: {to: f/v}}}}"), findings: ["11:50 M106 the VLAN 'v' stands in 2 fabrics"]),
    Case(
      testDescription: "a host that is no rack", yaml: minimal("fabrics: {f: {v: {dhcp: {primary_rack: b}}}}", hosts: "b: {address: 10.0.0.2}"),
      findings: ["11:40 M106 the host 'b' is no rack"]),
    Case(
      testDescription: "nothing uses them", yaml: minimal("firewall: &f {manage: none}", hosts: "b: {address: 10.0.0.2}"),
      findings: [
        "7:3 M108 the host 'b' is used by nothing", "11:11 M108 the anchor '&f' is used by nothing",
      ]),
    Case(
      testDescription: "a database host that carries more", yaml: minimal().replacing("pg.example.net", "pg host=evil"),
      findings: [
        "10:47 M105 'pg host=evil' is no host name or address"
      ]),
    Case(
      testDescription: "keys of another mode", yaml: minimal().replacing("mode: external", "mode: external, members: [a]"),
      findings: [
        "10:30 M103 the key 'members' does not belong to mode external"
      ]),
    Case(
      testDescription: "numbers by YAML 1.2", yaml: minimal("", racks: "a: {}", ).replacing("a: {}}\n", "a: {num_workers: 1_000}}\n"),
      findings: [
        "8:28 M105 '1_000' is no whole number", "9:13 M103 the key 'num_workers' is not known here",
      ]),
    Case(
      testDescription: "booleans are true and false", yaml: minimal("haproxy: {hosts: [a], vrrp: {preempt: yes}}"),
      findings: [
        "11:39 M105 'yes' is no boolean, wanted is true or false"
      ]),
    Case(
      testDescription: "merged keys are read at their use",
      yaml: minimal(
        "", hosts: "x: &x {address: 10.0.0.2, zone: [1]}\ny: {<<: *x, address: 10.0.0.3}", regions: "a: , x: , y: "),
      findings: [
        "7:35 M104 a text is wanted here, this is a list", "8:11 M104 a text is wanted here, this is a list",
      ]),
  ]

  @Test(arguments: cases) func findings(_ example: Case) {
    #expect(read(example.yaml).lines == example.findings)
  }

  @Test func whatIsReadThroughAnAliasKnowsBothPlaces() throws {
    let result = read(minimal("", hosts: "x: &x {address: 10.0.0.2}\ny: {<<: *x, zone: z}", regions: "a: , x: , y: "))
    let topology = try #require(result.topology)
    let place = try #require(result.map.resolve(topology.hosts[2].address.span))
    #expect(result.file.text(place.span) == "*x")
    #expect(place.definitions.map { result.file.text($0) } == ["10.0.0.2"])
  }

  @Test func scalarsAreWhatTheirTypeWants() throws {
    let result = read(
      minimal("", hosts: "b: {address: 10.0.0.2, zone: no, cpus: 0x10}\nc: {address: 10.0.0.3, zone: 0640}", regions: "a: , b: , c: "))
    #expect(result.lines == [])
    let hosts = try #require(result.topology?.hosts)
    #expect(hosts[1].zone?.value == "no" && hosts[1].cpus?.value == 16 && hosts[2].zone?.value == "0640")
    #expect(read(minimal().replacing("\"3.7\"", "3.10")).topology?.maas.version.value == MAASVersion(3, 10))
  }
}

extension String {
  func replacing(_ text: String, _ other: String) -> String { split(separator: text, omittingEmptySubsequences: false).joined(separator: other) }
}
