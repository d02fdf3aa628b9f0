import Diagnostics
import MAASFacts
import Testing
import Topology

@Suite struct DerivedControllerTests {
  @Test(arguments: [
    ("{version: \"3.7\"}", "{infra-1: {}}", "3.7", "snap", "3.7/stable"),
    ("{version: \"3.7\"}", "{infra-1: {version: \"3.7.2\"}}", "3.7.2", "snap", "3.7/stable"),
    ("{version: \"3.6\", install: deb}", "{infra-1: {}}", "3.6", "deb", "3.6/stable"),
    ("{version: \"3.6\", install: deb}", "{infra-1: {install: snap}}", "3.6", "snap", "3.6/stable"),
    ("{version: \"3.7\", channel: 3.7/candidate}", "{infra-1: {}}", "3.7", "snap", "3.7/candidate"),
    ("{version: \"3.7\", channel: 3.7/candidate}", "{infra-1: {channel: 3.7/edge}}", "3.7", "snap", "3.7/edge"),
    ("{version: \"3.8\"}", "{infra-1: {}}", "3.8", "snap", "3.8/beta"), ("{version: \"4.0\"}", "{infra-1: {}}", "4.0", "snap", "4.0/edge"),
  ])
  func aControllerRuns(maas: String, regions: String, version: String, install: String, channel: String) throws {
    let topology = try sample(maas: maas, regions: regions)
    let host = topology.regions[0].host.value
    #expect(topology.version(on: host).value.description == version)
    #expect(topology.installKind(on: host).value.rawValue == install)
    #expect(topology.channel(on: host).value.description == channel)
  }

  @Test func aRackHasItsOwnWord() throws {
    let topology = try sample(racks: "{rack-1: {version: \"3.6\"}}")
    #expect(topology.version(on: topology.racks[0].host.value).value == MAASVersion(3, 6))
    #expect(topology.version(on: topology.regions[0].host.value).value == MAASVersion(3, 7))
    #expect(topology.servedVersion == MAASVersion(3, 7))
  }

  @Test func workersAreMAASOwnDefault() throws {
    let topology = try sample(regions: "{infra-1: {num_workers: 8}, infra-2: {}}")
    #expect(topology.regions.map { topology.numWorkers(of: $0).value } == [8, 4])
    #expect(topology.regions.map { topology.numWorkers(of: $0).span != nil } == [true, false])
  }

  @Test(arguments: [
    ("{version: 15, mode: streaming, members: [db-1], database: {password: db}}", "3.7", 15, "/var/lib/postgresql/15/main"),
    ("{mode: streaming, members: [db-1], database: {password: db}}", "3.7", 16, "/var/lib/postgresql/16/main"),
    ("{mode: streaming, members: [db-2], database: {password: db}}", "3.4", 14, "/var/lib/postgresql/14/main"),
    ("{mode: streaming, members: [db-2], cluster: maas, database: {password: db}}", "3.7", 16, "/var/lib/postgresql/16/maas"),
    ("{mode: streaming, members: [db-2], data_directory: /data/pg16, database: {password: db}}", "3.7", 16, "/data/pg16"),
  ])
  func postgresqlIs(postgresql: String, maas: String, version: Int, directory: String) throws {
    let topology = try sample(maas: "{version: \"\(maas)\"}", postgresql: postgresql)
    #expect(topology.postgresqlVersion().value == version)
    #expect(topology.dataDirectory().value == directory)
  }

  @Test func patroniKeepsItsTimesInOrder() throws {
    let topology = try sample()
    #expect(topology.patroniLoopWait().value + 2 * topology.patroniRetryTimeout().value <= topology.patroniTTL().value)
    #expect(topology.patroniScope().value == "prague")
    #expect(topology.patroniFailsafe().value)
  }
}
