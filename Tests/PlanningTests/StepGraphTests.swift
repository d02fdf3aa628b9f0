import Diagnostics
import Formats
import Planning
import Testing

/// How steps wait for steps, and for milestones that others reach.
@Suite struct StepGraphTests {
  private let hosts: [HostPlan]

  init() throws { hosts = Array(try PlanSample().plan().hosts.prefix(3)) }

  private func step(_ host: Int, _ name: String, _ phase: Phase = .rack, after: [Predecessor] = [], reaching: Milestone? = nil) -> Step {
    var step = Step(
      host: hosts[host], phase: phase, name: name, title: name, why: name, after: after, check: "true", apply: "true", verify: "true", origin: .none)
    step.reaches = reaching
    return step
  }

  private func graph(_ steps: Step...) -> StepGraph {
    var graph = StepGraph()
    for step in steps { graph.add(step) }
    return graph
  }

  private func names(_ graph: StepGraph) throws -> [[String]] { try graph.waves().map { $0.map(\.name) } }

  @Test func aMilestoneIsReachedByAllOfItsStepsWheneverTheyWereAdded() throws {
    let graph = graph(
      step(0, "last", after: [.milestone(.networks)]), step(0, "one", reaching: .networks),
      step(1, "two", after: [.step(step(0, "one").id)], reaching: .networks))
    #expect(try names(graph) == [["one"], ["two"], ["last"]])
  }

  @Test func aMilestoneWithoutStepsIsReachedWithThoseThatItIncludes() throws {
    let graph = graph(step(0, "late", after: [.milestone(.dhcp)]), step(1, "early", reaching: .ready), step(2, "free"))
    #expect(try names(graph) == [["early", "free"], ["late"]])
  }

  @Test func aWaveHoldsOneStepOfAHostAndTheEarlierPhaseGoesFirst() throws {
    let graph = graph(step(0, "rack"), step(1, "other"), step(0, "database", .database), step(0, "again", .database))
    #expect(try names(graph) == [["database", "other"], ["again"], ["rack"]])
  }

  @Test func aPlannersMistakeIsNamed() {
    let one = step(0, "one").id
    #expect(throws: StepGraph.Flaw.twice(one)) { try graph(step(0, "one"), step(0, "one")).waves() }
    #expect(throws: StepGraph.Flaw.unknown(one, neededBy: step(1, "two").id)) { try graph(step(1, "two", after: [.step(one)])).waves() }
    #expect(throws: StepGraph.Flaw.cycle([one])) { try graph(step(0, "one", after: [.milestone(.racks)], reaching: .networks)).waves() }
  }
}
