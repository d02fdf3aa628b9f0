import Emission
import Formats
import Planning
import Testing

/// A step is read in full by whoever runs it by hand at night.
@Suite struct StepLengthTests {
  @Test(arguments: ExampleFile.all) func aStepInlinesAtMostSixtyLinesOfTheLibrary(example: ExampleFile) throws {
    let steps = try bundle(example.text(), path: example.fileName).files.filter { $0.path.contains("/steps/") }
    var most = 0
    for step in steps {
      let inlined = StepLibrary.functions.filter { step.text.contains("\n\($0.code.code)\n") }
      let lines = inlined.reduce(0) { $0 + $1.code.code.split(separator: "\n").count }
      #expect(lines <= 60, "\(step.path) inlines \(lines) lines")
      most = max(most, lines)
    }
    #expect(most > 20, "the functions were found in the steps")
  }
}
