import Foundation
import TestSupport
import Testing

/// The integrations, as far as they run without the services they are made for: each is taken from the file that is shipped.
@Suite struct PipelineTests {
  private static let verdicts: [(topology: String, status: Int32)] = [(Site.clean, 0), (Site.tooFewConnections, 1)]
  /// A repository with a committed topology in it.
  private static let repository = "git init -q . && git config user.name a && git config user.email a@example.net && git add -A && git commit -qm a"

  /// What a YAML file of the project holds; `expression` is Python over `file`.
  private func shipped(_ expression: String, of file: String) throws -> String {
    let program = "import sys, yaml\nfile = yaml.safe_load(open(sys.argv[1]))\nprint(\(expression), end='')"
    let result = try run(try find("python3", package: "python3-yaml"), ["-c", program, packageRoot.appending(path: file).path])
    try #require(result.status == 0, "\(result.story)")
    return result.text
  }

  @Test(arguments: verdicts) func theHookRunsUnderPreCommit(topology: String, status: Int32) throws {
    let preCommit = packageRoot.appending(path: ".build/python/bin/pre-commit").path
    try #require(FileManager.default.isExecutableFile(atPath: preCommit), "pre-commit is missing; scripts/setup.sh test installs it")
    let hooks = try String(contentsOf: packageRoot.appending(path: ".pre-commit-hooks.yaml"), encoding: .utf8)
    try Workspace.with(["hooks/.pre-commit-hooks.yaml": hooks, "site/prague.topology.yaml": topology, "site/other.yaml": "a: ["]) { workspace in
      let line = """
        export PRE_COMMIT_HOME=$PWD/home HOME=$PWD
        (cd hooks && \(Self.repository)) && cd site && \(Self.repository)
        printf 'repos:\\n- repo: ../hooks\\n  rev: %s\\n  hooks: [{id: maasc-check}]\\n' "$(git -C ../hooks rev-parse HEAD)" >.pre-commit-config.yaml
        git add -A && \(preCommit) run --all-files
        """
      let result = try workspace.shell(line)
      #expect(result.status == status && result.text.contains(status == 0 ? "Passed" : "error[M402]"), "\(result.story)")
      #expect(!result.text.contains("other.yaml"))
    }
  }

  @Test func theBundleHookFindsAStaleBundle() throws {
    let entry = try shipped("file[1]['entry']", of: ".pre-commit-hooks.yaml")
    try Workspace.with(["t.yaml": Site.clean]) { workspace in
      let fresh = try workspace.shell("maasc compile t.yaml >/dev/null && \(entry) t.yaml --output bundle")
      #expect(fresh.status == 0, "\(fresh.story)")
      let stale = try workspace.shell("rm bundle/README.md; \(entry) t.yaml --output bundle")
      #expect(stale.status == 2 && stale.text == "missing bundle/README.md\n", "\(stale.story)")
    }
  }

  @Test(arguments: verdicts) func theStepOfTheActionChecksAndWritesSARIF(topology: String, status: Int32) throws {
    let step = try shipped("file['runs']['steps'][2]['run']", of: "action.yml")
    try Workspace.with(["s/a.topology.yaml": topology, "step.sh": step]) { workspace in
      let inputs = "MAASC=maasc PATHS='s' FAIL_ON=error SARIF=out.sarif GITHUB_STEP_SUMMARY=summary.md"
      let result = try workspace.shell("\(inputs) bash -eo pipefail step.sh")
      #expect(result.status == status && result.text.contains("::error file=s/a.topology.yaml") == (status == 1), "\(result.story)")
      #expect(try workspace.read("out.sarif").contains("\"2.1.0\"") && workspace.has("summary.md"))
    }
  }

  @Test func theActionNamesScriptsThatExist() throws {
    #expect(try shipped("file['runs']['steps'][1]['run']", of: "action.yml") == "bash \"$SOURCE/scripts/install.sh\" \"$TARGET\"")
    #expect(FileManager.default.isExecutableFile(atPath: packageRoot.appending(path: "scripts/install.sh").path))
  }

  @Test func theGitLabTemplateWritesItsReports() throws {
    let script = try shipped("'\\n'.join(file['maasc']['script'])", of: "templates/gitlab-ci.yml")
    try Workspace.with(["s/a.topology.yaml": Site.tooFewConnections, "script.sh": script]) { workspace in
      let result = try workspace.shell("MAASC_PATHS=s MAASC_FAIL_ON=error bash -eo pipefail script.sh")
      #expect(result.status == 1 && result.text.contains("error[M402]"), "\(result.story)")
      #expect(try workspace.read("gl-code-quality-report.json").contains("M402") && workspace.read("maasc.xml").contains("M402"))
    }
  }
}
