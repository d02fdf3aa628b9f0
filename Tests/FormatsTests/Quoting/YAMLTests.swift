import Diagnostics
import Formats
import TestSupport
import Testing

@Suite struct YAMLTests {
  /// What PyYAML, MAAS' own reader, makes of a document; as JSON.
  private func load(_ value: YAMLValue) throws -> JSON {
    var writer = TextWriter()
    value.write(to: &writer)
    let program = "import sys, json, yaml; json.dump(yaml.safe_load(sys.stdin.buffer.read()), sys.stdout)"
    let python = try find("python3", package: "python3-yaml")
    let result = try run(python, ["-c", program], input: Array(writer.finish().text.utf8))
    try #require(result.status == 0, "\(result.errors)")
    return try JSON(parsing: result.output)
  }

  @Test func pythonGetsBackEveryText() throws {
    var hostile = HostileText(seed: 2)
    let texts = hostile.next(400) + ["", "12345", "true", "no", "2026-01-01", "0o17", "~", "null", "1e3", "12:30", "=", "<<"]
    let loaded = try load(.sequence(texts.map { YAMLItem(.text($0)) }))
    #expect(loaded.array?.compactMap(\.string) == texts)
  }

  @Test func pythonGetsBackEveryKeyAndBlock() throws {
    var hostile = HostileText(seed: 3)
    let texts = (hostile.next(300) + ["#!/bin/sh\nset -e\n  echo\n", "one\n\n\ntwo", "tab\tbed\n", "ends here  \n", "y", "On"])
    let entries = texts.enumerated().map { YAMLEntry("\($0.offset % 2 == 0 ? "k" : "")\($0.offset)\($0.element)", .block($0.element)) }
    let loaded = try load(.mapping(entries))
    for entry in entries {
      guard case .block(let text) = entry.value else { continue }
      #expect(loaded[entry.key]?.string == text, "\(entry.key.debugDescription)")
    }
  }

  @Test func typesSurvive() throws {
    let value: YAMLValue = [
      "workers": 4, "debug": false, "password": "12345", "nothing": .null, "list": [1, "1", [], [:], ["a", ["b"]]], "empty": [], "none": [:],
      "nested": [["a": 1, "b": [["c": "d"]], "e": .block("x\ny\n")], .block("in a list\n")], "absent": nil,
    ]
    let wanted: JSON = [
      "workers": 4, "debug": false, "password": "12345", "nothing": .null, "list": [1, "1", [], [:], ["a", ["b"]]], "empty": [], "none": [:],
      "nested": [["a": 1, "b": [["c": "d"]], "e": "x\ny\n"], "in a list\n"],
    ]
    #expect(try load(value) == wanted)
  }

  @Test func blocksAreReadable() {
    var writer = TextWriter()
    ([["run": .block("#!/bin/sh\necho\n")], "x"] as YAMLValue).write(to: &writer)
    #expect(writer.finish().text == "- run: |\n    #!/bin/sh\n    echo\n- \"x\"\n")
  }

  @Test func commentsStandAboveTheirKeys() throws {
    let value = YAMLValue.sequence([YAMLItem(.mapping([YAMLEntry("a", 1, comment: "First."), YAMLEntry("b", 2, comment: "Second.")]))])
    var writer = TextWriter()
    value.write(to: &writer)
    #expect(writer.finish().text == "- # First.\n  a: 1\n  # Second.\n  b: 2\n")
    #expect(try load(value) == [["a": 1, "b": 2]])
  }
}
