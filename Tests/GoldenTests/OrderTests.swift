import Compiler
import Diagnostics
import Emission
import Planning
import Testing

/// The order of every example's steps.
@Suite struct OrderTests {
  private func plan(_ example: ExampleFile) throws -> Plan {
    let compilation = try compile(try example.input())
    return try #require(compilation.plan, "\(lines(compilation.checked))")
  }

  /// Looked up without the planner's own ordering: every step that something waits for, by its wave.
  @Test(arguments: ExampleFile.all) func everyStepFollowsWhatItWaitsFor(example: ExampleFile) throws {
    let waves = try plan(example).steps.waves()
    var place: [StepID: Int] = [:]
    for (wave, steps) in waves.enumerated() { for step in steps { place[step.id] = wave } }
    for (wave, steps) in waves.enumerated() {
      #expect(Set(steps.map(\.host)).count == steps.count)
      for needed in steps.flatMap(\.after) {
        switch needed {
        case .step(let id): #expect(try #require(place[id]) < wave)
        case .milestone(let milestone):
          let included = closure(milestone)
          for step in waves.joined() where step.reaches.map(included.contains) == true { #expect(try #require(place[step.id]) < wave, "\(step.id)") }
        }
      }
    }
  }

  private func closure(_ milestone: Milestone) -> Set<Milestone> { Set([milestone]).union(milestone.included.flatMap(closure)) }

  @Test(arguments: ExampleFile.all) func nothingIsChangedBeforeEveryHostHasPassedPreflight(example: ExampleFile) throws {
    let steps = try plan(example).steps.ordered()
    let others = steps.drop { $0.phase == .preflight }
    #expect(others.allSatisfy { $0.phase != .preflight })
  }

  /// What a step waits for is few things, however many hosts there are.
  @Test(arguments: ExampleFile.all) func aStepWaitsForFewThings(example: ExampleFile) throws {
    try expectFewPredecessors(try plan(example))
  }
}

/// Of the graph and of what steps.json says of it.
func expectFewPredecessors(_ plan: Plan) throws {
  let count = plan.steps.steps.count
  #expect(plan.steps.steps.map(\.after.count).reduce(0, +) <= 2 * count)
  let text = try #require(try emit(plan).files.first { $0.path == "runbook/steps.json" }?.text)
  let steps = try #require(try JSON(parsing: Array(text.utf8))["steps"]?.array)
  #expect(steps.count == count)
  let names = steps.map { $0["after"]?.array?.count ?? 0 }
  #expect(names.reduce(0, +) <= 2 * count)
  #expect(names.allSatisfy { $0 <= 8 })
}
