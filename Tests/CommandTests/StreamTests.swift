import Foundation
import TestSupport
import Testing

/// Streams, colour and formats.
@Suite struct StreamTests {
  private static let escape = "\u{1B}["
  private static let files = ["bad.yaml": Site.tooFewConnections]

  @Test func checkSpeaksOnOutputAndCompileOnErrors() throws {
    try Workspace.with(Self.files) { workspace in
      let check = try workspace.maasc("check", "bad.yaml")
      #expect(check.text.contains("error[M402]") && check.errors.isEmpty)
      let compile = try workspace.maasc("compile", "bad.yaml")
      #expect(compile.errors == check.text && compile.text.isEmpty)
    }
  }

  @Test(arguments: ["text", "json", "sarif", "github", "junit", "gitlab"]) func aPipeGetsNoColour(_ format: String) throws {
    try Workspace.with(Self.files) { workspace in
      let result = try workspace.maasc("check", "bad.yaml", "--format", format, environment: ["TERM": "xterm-256color"])
      #expect(!result.text.contains("\u{1B}") && result.text.contains("M402"), "\(result.story)")
    }
  }

  /// A pipe is as wide as it takes; a terminal is told by itself or by COLUMNS.
  @Test(arguments: [
    ("script -qec 'stty cols 60; maasc check bad.yaml' /dev/null", 40...60), ("script -qec 'COLUMNS=48 maasc check bad.yaml' /dev/null", 30...48),
    ("script -qec 'stty cols 400; maasc check bad.yaml' /dev/null", 80...400), ("COLUMNS=48 maasc check bad.yaml", 80...400),
  ])
  func linesFitTheTerminal(line: String, widest: ClosedRange<Int>) throws {
    try Workspace.with(Self.files) { workspace in
      let result = try workspace.shell("TERM=dumb \(line)")
      let lines = result.text.split(whereSeparator: \.isNewline)
      #expect(widest.contains(lines.map(\.count).max() ?? 0), "\(result.story)")
    }
  }

  @Test(arguments: [
    ("maasc check bad.yaml --color always", true),
    ("NO_COLOR=1 maasc check bad.yaml --color always", true),
    ("maasc check bad.yaml --color always --format json", false),
    ("TERM=xterm script -qec 'maasc check bad.yaml' /dev/null", true),
    ("TERM=xterm NO_COLOR=1 script -qec 'maasc check bad.yaml' /dev/null", false),
    ("TERM=dumb script -qec 'maasc check bad.yaml' /dev/null", false),
    ("TERM=xterm script -qec 'maasc check bad.yaml --color never' /dev/null", false),
  ])
  func colourIsForTerminalsAndWhoAsksForIt(line: String, isColoured: Bool) throws {
    try Workspace.with(Self.files) { workspace in
      let result = try workspace.shell(line)
      #expect(result.text.contains(Self.escape) == isColoured, "\(result.story)")
      #expect(result.text.contains("M402"))
    }
  }

  @Test func severalFormatsGoToTheirPlaces() throws {
    try Workspace.with(Self.files) { workspace in
      let formats = ["json=a.json", "sarif=a.sarif", "junit=a.xml", "gitlab=gl.json", "github"].flatMap { ["--format", $0] }
      let result = try workspace.maasc(["check", "bad.yaml"] + formats)
      #expect(result.status == 1 && result.text.hasPrefix("::error file=bad.yaml,line=17,"), "\(result.story)")
      for file in ["a.json", "a.sarif", "a.xml", "gl.json"] { #expect(try workspace.read(file).contains("M402")) }
    }
  }

  /// With every format sent to a file, the terminal still gets the text.
  @Test func textIsThereUnlessAnotherFormatTakesItsPlace() throws {
    try Workspace.with(Self.files) { workspace in
      let beside = try workspace.maasc("check", "bad.yaml", "--format", "json=a.json")
      #expect(beside.text.contains("error[M402]"))
      let instead = try workspace.maasc("check", "bad.yaml", "--format", "json")
      #expect(instead.text.hasPrefix("{"))
    }
  }

  @Test func theStepSummaryOfGitHubIsWritten() throws {
    try Workspace.with(Self.files) { workspace in
      let summary = workspace.root.appending(path: "summary.md").path
      _ = try workspace.maasc("check", "bad.yaml", "--format", "github", environment: ["GITHUB_STEP_SUMMARY": summary])
      #expect(try workspace.read("summary.md").contains("| error | M402 |"))
    }
  }

  @Test func aClosedPipeEndsTheProgramQuietly() throws {
    try Workspace.with(Self.files) { workspace in
      let result = try workspace.shell("maasc facts --json | head -1")
      #expect(result.status == 0 && result.errors.isEmpty && result.text == "{\n", "\(result.story)")
    }
  }
}
