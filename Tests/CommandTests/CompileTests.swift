import Foundation
import TestSupport
import Testing

/// Writing and comparing bundles.
@Suite struct CompileTests {
  private static let files = ["t.yaml": Site.clean]

  @Test func theSecondTimeNothingChanges() throws {
    try Workspace.with(Self.files) { workspace in
      #expect(try workspace.maasc("compile", "t.yaml").text.hasSuffix(" changed\n"))
      let sums = try workspace.shell("cd bundle && sha256sum --quiet -c SHA256SUMS && find . -printf '%p %m %T@\\n' | sort")
      #expect(sums.status == 0, "\(sums.story)")
      #expect(try workspace.maasc("compile", "t.yaml").text.hasSuffix(" nothing changed\n"))
      #expect(try workspace.shell("cd bundle && find . -printf '%p %m %T@\\n' | sort").text == sums.text)
      #expect(try workspace.maasc("compile", "t.yaml", "--check").status == 0)
    }
  }

  @Test func theBytesDependOnTheTopologyAlone() throws {
    try Workspace.with(Self.files) { workspace in
      let first = try workspace.shell("TZ=Asia/Tokyo LC_ALL=C umask 077; maasc compile t.yaml -o one && cd one && find . -printf '%p %m\\n' | sort")
      let second = try workspace.shell(
        "mkdir -p x/y; cp t.yaml x/y; cd x/y; umask 002; HOME=/ LC_ALL=C.UTF-8 maasc compile ./t.yaml -o ../two && cd ../two && find . -printf '%p %m\\n' | sort"
      )
      #expect(first.text.split(separator: "\n").dropFirst() == second.text.split(separator: "\n").dropFirst())
      let difference = try workspace.shell("diff -r one x/two")
      #expect(difference.status == 0, "\(difference.story)")
    }
  }

  @Test func editsByHandAreNotLost() throws {
    try Workspace.with(Self.files) { workspace in
      _ = try workspace.shell("maasc compile t.yaml && echo mine >> bundle/README.md && rm bundle/manifest.json.x; touch bundle/notes")
      let edited = try workspace.read("bundle/README.md")
      let check = try workspace.maasc("compile", "t.yaml", "--check")
      #expect(check.status == 2 && check.text.contains("modified bundle/README.md\n"), "\(check.story)")
      let refused = try workspace.maasc("compile", "t.yaml")
      #expect(refused.status == 73 && refused.errors.contains("edited by hand: README.md"), "\(refused.story)")
      #expect(try workspace.read("bundle/README.md") == edited)
      #expect(try workspace.maasc("compile", "t.yaml", "--force").status == 0)
      #expect(try !workspace.read("bundle/README.md").contains("mine"))
    }
  }

  @Test func orphansGoAndOnlyWhatIsConcernedChanges() throws {
    try Workspace.with(Self.files) { workspace in
      _ = try workspace.shell("maasc compile t.yaml && cp -a bundle old")
      try workspace.write(
        Site.with("  c: {address: 10.0.0.3", "  d: {address: 10.0.0.3").replacing("c: }", with: "d: }").replacing("b, c]", with: "b, d]")
          .replacing("host: c", with: "host: d"), to: "t.yaml")
      let check = try workspace.maasc("compile", "t.yaml", "--check")
      #expect(
        check.status == 2 && check.text.contains("orphaned bundle/hosts/c/verify.sh\n") && check.text.contains("missing bundle/hosts/d/verify.sh\n"))
      #expect(try workspace.maasc("compile", "t.yaml").status == 0)
      #expect(!workspace.has("bundle/hosts/c") && workspace.has("bundle/hosts/d/verify.sh"))
    }
  }

  @Test func aTopologyWithErrorsTouchesNothing() throws {
    try Workspace.with(Self.files) { workspace in
      _ = try workspace.maasc("compile", "t.yaml")
      let before = try workspace.shell("find . -type f -printf '%p %T@\\n' | sort")
      try workspace.write(Site.tooFewConnections, to: "bad.yaml")
      #expect(try workspace.maasc("compile", "bad.yaml", "--force").status == 1)
      #expect(try workspace.maasc("compile", "bad.yaml", "-o", "other").status == 1)
      #expect(try workspace.shell("rm bad.yaml; find . -type f -printf '%p %T@\\n' | sort").text == before.text)
    }
  }

  @Test func linesOfTheBundleAreExplained() throws {
    try Workspace.with(Self.files) { workspace in
      _ = try workspace.maasc("compile", "t.yaml")
      let path = "bundle/hosts/a/files/etc/haproxy/haproxy.cfg"
      let lines = try workspace.read(path).split(separator: "\n", omittingEmptySubsequences: false)
      let number = try #require(lines.firstIndex { $0.contains("bind 10.0.0.10:5432") }) + 1
      let told = try workspace.maasc("explain", "\(path):\(number)")
      #expect(told.status == 0 && told.text.contains("asked for by t.yaml:"), "\(told.story)")
      try workspace.write("# changed\n" + Site.clean, to: "t.yaml")
      #expect(try workspace.maasc("explain", "\(path):\(number)").errors.contains("t.yaml has changed since this bundle was compiled"))
    }
  }

  @Test func keysAreExplainedWithTheValueInForce() throws {
    try Workspace.with(Self.files) { workspace in
      let told = try workspace.maasc("explain", "postgresql.max_connections", "--topology", "t.yaml")
      #expect(told.text.contains("postgresql.max_connections = ") && told.text.contains("default: 3 regions × "), "\(told.story)")
      let given = try workspace.maasc("explain", "postgresql.version", "--topology", "t.yaml")
      #expect(given.text.contains("postgresql.version = 16\n    set at t.yaml:14\n"), "\(given.story)")
    }
  }
}
