import TestSupport
import Testing

/// Where topologies come from.
@Suite struct InputTests {
  @Test func standardInputIsCalledAsTheUserSays() throws {
    try Workspace.with { workspace in
      let named = try workspace.maasc("check", "-", "--stdin-filename", "sites/prague.yaml", input: Site.tooFewConnections)
      #expect(named.text.contains("--> sites/prague.yaml:17:20"), "\(named.story)")
      let unnamed = try workspace.maasc("check", "-", input: Site.tooFewConnections)
      #expect(unnamed.text.contains("--> topology.yaml:17:20"), "\(unnamed.story)")
    }
  }

  @Test(arguments: ["topology.yaml", "prague.topology.yaml"]) func theOnlyTopologyIsFoundUpToTheRepository(_ name: String) throws {
    try Workspace.with(["outside.topology.yaml": "no: topology", "repo/\(name)": Site.tooFewConnections, "repo/deep/er/x": ""]) { workspace in
      let here = try workspace.shell("mkdir repo/.git; cd repo && maasc check")
      #expect(here.status == 1 && here.text.contains("--> \(name):17:20"), "\(here.story)")
      let below = try workspace.shell("cd repo/deep/er && maasc check")
      #expect(below.status == 1 && below.text.contains("--> ../../\(name):17:20"), "\(below.story)")
      let none = try workspace.shell("rm repo/\(name); cd repo/deep && maasc check")
      #expect(none.status == 66 && none.errors.contains("no topology given"), "\(none.story)")
    }
  }

  @Test func ofSeveralNoneIsGuessed() throws {
    try Workspace.with(["a.topology.yaml": Site.clean, "b.topology.yaml": Site.clean]) { workspace in
      let result = try workspace.maasc("check")
      #expect(result.status == 64 && result.errors.contains("a.topology.yaml, b.topology.yaml"), "\(result.story)")
    }
  }

  @Test func aFileThatIsNamedTwiceIsOne() throws {
    try Workspace.with(["s/a.topology.yaml": Site.clean]) { workspace in
      let result = try workspace.shell("ln -s a.topology.yaml s/b.topology.yaml; maasc check s/a.topology.yaml s ./s/a.topology.yaml")
      #expect(result.status == 0 && result.text.contains("no findings in 1 file"), "\(result.story)")
    }
  }

  @Test func directoriesStandForTheirTopologies() throws {
    let files = [
      "s/topology.yaml": Site.tooFewConnections, "s/x/b.topology.yaml": "schema: 2\n", "s/x/other.yaml": "a: [", "s/.git/c.topology.yaml": "[",
    ]
    try Workspace.with(files) { workspace in
      let result = try workspace.maasc("check", "s")
      #expect(result.status == 1 && result.text.contains("s/topology.yaml:17:20") && result.text.contains("s/x/b.topology.yaml:1:9"))
      #expect(result.text.contains("in 2 files"), "\(result.story)")
    }
  }
}
