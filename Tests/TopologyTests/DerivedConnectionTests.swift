import Diagnostics
import Testing
import Topology

@Suite struct DerivedConnectionTests {
  static let three = "{infra-1: {num_workers: 4}, infra-2: {num_workers: 4}, infra-3: {num_workers: 4}}"

  @Test func theExampleOfTheManual() throws {
    let budget = try sample(regions: Self.three).connectionBudget()
    #expect(budget.floor == 153)
    #expect(budget.worstCase == 313)
    #expect(budget.proposed == 350)
    #expect(budget.equation == "3 regions × 10 × (4 workers + 1) + 3 reserved for superusers = 153")
    #expect(
      budget.worstCaseEquation
        == "3 regions × (10 × (4 workers + 1) + 13 API server + 13 Temporal worker + 24 Temporal) + 3 reserved for superusers"
        + " + 10 for backup and rolling upgrade = 313")
  }

  @Test(arguments: [
    ("3.4", "{infra-1: {}}", 53, 63, 100), ("3.5", "{infra-1: {}}", 53, 117, 150), ("3.7", "{infra-1: {}}", 53, 113, 150),
    ("3.7", "{infra-1: {num_workers: 8}, infra-2: {num_workers: 1}}", 113, 223, 250), ("3.8", three, 153, 322, 350),
    ("3.7", "{infra-1: {}, infra-2: {version: \"3.4\"}}", 103, 163, 200),
  ])
  func theBudgetFollowsVersionAndWorkers(version: String, regions: String, floor: Int, worst: Int, proposed: Int) throws {
    let budget = try sample(maas: "{version: \"\(version)\"}", regions: regions).connectionBudget()
    #expect(budget.floor == floor)
    #expect(budget.worstCase == worst)
    #expect(budget.proposed == proposed)
  }

  @Test(arguments: [
    (
      "{infra-1: {num_workers: 4}, infra-2: {num_workers: 1}, infra-3: {num_workers: 4}}",
      "2 regions × 10 × (4 workers + 1) + 1 region × 10 × (1 worker + 1) + 3 reserved for superusers = 123"
    ), ("{infra-1: {}}", "1 region × 10 × (4 workers + 1) + 3 reserved for superusers = 53"),
  ])
  func likeRegionsStandTogether(regions: String, equation: String) throws {
    #expect(try sample(regions: regions).connectionBudget().equation == equation)
  }

  /// What `auto` gives is never below what a rule calls the worst case.
  @Test(arguments: 1...10, [0, 1, 37, 40, 250])
  func autoIsEnough(workers: Int, other: Int) throws {
    let regions = "{infra-1: {num_workers: \(workers)}, infra-2: {num_workers: \(workers)}}"
    let topology = try sample(
      regions: regions,
      postgresql: "{version: 16, mode: streaming, members: [db-1], other_connections: \(other), database: {password: db}, max_connections: auto}")
    let budget = topology.connectionBudget()
    #expect(topology.maxConnections().value == budget.proposed)
    #expect(budget.proposed >= budget.worstCase)
    #expect(budget.proposed % 50 == 0)
    #expect(budget.proposed - budget.worstCase < 50)
  }

  @Test(arguments: [
    ("max_connections: 200", 200), ("max_connections: auto", 350), ("other_connections: 40", 400),
    ("parameters: {superuser_reserved_connections: 50}", 400),
    ("parameters: {reserved_connections: 40}", 400),
  ])
  func maxConnectionsIs(key: String, value: Int) throws {
    let postgresql = "{version: 16, mode: streaming, members: [db-1], database: {password: db}, \(key)}"
    #expect(try sample(postgresql: postgresql).maxConnections().value == value)
  }

  @Test func anExternalServerSaysItsOwn() throws {
    let topology = try sample(
      postgresql: "{mode: external, external: {host: pg.example.net, max_connections: 400, reserved_connections: 5}, database: {password: db}}")
    #expect(topology.maxConnections().value == 400)
    #expect(topology.maxConnections().span != nil)
    #expect(topology.connectionBudget().worstCase == 315)
  }

  @Test func theReasonHasTheArithmetic() throws {
    guard case .chosen(let reason) = try sample().maxConnections().origin else {
      Issue.record("nothing in the file sets it")
      return
    }
    #expect(reason.hasSuffix("= 313, up to a multiple of 50"))
  }
}
