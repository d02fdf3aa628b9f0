import TestSupport
import Testing

/// What each command ends with, and on which stream it says why.
@Suite struct ExitCodeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var line: String
    var status: Int32
    var output = ""
    var errors = ""
    var testDescription: String { line }
  }

  static let cases = [
    Case(line: "maasc check good.yaml", status: 0, output: "no findings in 1 file\n"),
    Case(line: "maasc check warned.yaml", status: 0, output: "1 warning in 1 file"),
    Case(line: "maasc check warned.yaml --fail-on warning", status: 1, output: "warning[M802]"),
    Case(line: "maasc check bad.yaml", status: 1, output: "error[M402]"),
    Case(line: "maasc check good.yaml bad.yaml", status: 1, output: "error[M302]"),
    Case(line: "maasc check bad.yaml --diff", status: 2, output: "+  max_connections: "),
    Case(line: "maasc check good.yaml --diff", status: 0),
    Case(line: "maasc check no-such.yaml", status: 66, errors: "no-such.yaml: No such file or directory"),
    Case(line: "mkdir empty; maasc check empty", status: 66, errors: "no *.topology.yaml or topology.yaml below empty"),
    Case(line: "maasc check good.yaml --baseline no-such", status: 66, errors: "no-such: No such file or directory"),
    Case(line: "maasc check good.yaml --write-baseline no/such/place", status: 73, errors: "cannot write no/such/place"),
    Case(line: "maasc check good.yaml --format sarif=no/such/place", status: 73, errors: "cannot write no/such/place"),
    Case(line: "maasc check good.yaml --formt json", status: 64, errors: "Did you mean '--format'?"),
    Case(line: "maasc check good.yaml --format jsn", status: 64, errors: "'jsn'"),
    Case(line: "maasc check good.yaml --format json --format sarif", status: 64, errors: "only one --format goes to the terminal"),
    Case(line: "maasc check good.yaml --fix --diff", status: 64, errors: "exclude each other"),
    Case(line: "maasc check - --fix <good.yaml", status: 64, errors: "use --diff"),
    Case(line: "maasc check good.yaml --max-findings 0", status: 64, errors: "from 1"),
    Case(line: "maasc compile good.yaml -o out", status: 0, output: "out: "),
    Case(line: "maasc compile bad.yaml -o out", status: 1, errors: "error[M402]"),
    Case(line: "maasc compile good.yaml -o out --check", status: 2, output: "missing out/README.md\n"),
    Case(line: "maasc compile no-such.yaml", status: 66, errors: "no-such.yaml: No such file or directory"),
    Case(line: "mkdir mine; touch mine/file; maasc compile good.yaml -o mine", status: 73, errors: "not a bundle"),
    Case(line: "maasc compile good.yaml -o /proc/out", status: 73, errors: "/proc"),
    Case(line: "maasc explain M402", status: 0, output: "M402 connection-limit (error)"),
    Case(line: "maasc explain connection-limit", status: 0, output: "M402 connection-limit (error)"),
    Case(line: "maasc explain M999", status: 64, errors: "'M999' is no rule, no key and no line of a bundle"),
    Case(line: "maasc explain max_conections", status: 64, errors: "something similar exists"),
    Case(line: "maasc explain max_connections --topology no-such.yaml", status: 66, errors: "no-such.yaml"),
    Case(line: "maasc rules", status: 0, output: "M402  error    connection-limit"),
    Case(line: "maasc rules --json", status: 0, output: "\"id\": \"M402\""),
    Case(line: "maasc facts --maas 3.7", status: 0, output: "3.7"),
    Case(line: "maasc facts --json --maas 3.7", status: 0, output: "{"),
    Case(line: "maasc facts --maas 2.9", status: 64, errors: "'2.9' is no version that maasc knows"),
    Case(line: "maasc init new.topology.yaml && maasc check new.topology.yaml", status: 0, output: "no findings"),
    Case(line: "maasc init good.yaml", status: 73, errors: "good.yaml exists; --force overwrites it"),
    Case(line: "maasc schema", status: 0, output: "\"$schema\""),
    Case(line: "maasc completion bash", status: 0, output: "maasc"),
    Case(line: "maasc completion tcsh", status: 64, errors: "tcsh"),
    Case(line: "maasc --version", status: 0, output: "0."),
    Case(line: "maasc chekc good.yaml", status: 64, errors: "unknown command 'chekc'; a command with a similar name exists: check"),
    Case(line: "maasc teleport", status: 64, errors: "commands: check, compile, explain"),
    Case(line: "maasc check good.yaml >/dev/full", status: 73),
  ]

  @Test(arguments: cases) func endsAsPromised(_ expected: Case) throws {
    let files = ["good.yaml": Site.clean, "bad.yaml": Site.tooFewConnections, "warned.yaml": Site.noBackup]
    try Workspace.with(files) { workspace in
      let result = try workspace.shell(expected.line)
      #expect(result.status == expected.status, "\(result.story)")
      #expect(expected.output.isEmpty || result.text.contains(expected.output), "\(result.story)")
      if expected.errors.isEmpty { #expect(result.errors.isEmpty) } else { #expect(result.errors.contains(expected.errors), "\(result.story)") }
    }
  }

  @Test func everyCommandHasHelp() throws {
    try Workspace.with { workspace in
      for command in ["check", "compile", "explain", "rules", "facts", "init", "schema", "completion"] {
        let result = try workspace.maasc(command, "--help")
        #expect(result.status == 0 && result.text.contains("USAGE: maasc \(command)"), "\(result.story)")
      }
    }
  }
}
