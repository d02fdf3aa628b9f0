import TestSupport
import Testing

/// Edits, patches, baselines, suppressions.
@Suite struct LivingWithFindingsTests {
  /// Three mistakes with edits that are certain, and one without.
  private static let bad = Site.with("max_connections: auto", "max_connections: 100").replacing("zone: y", with: "zoen: y")
    .replacing("mode: streaming", with: "mode: Streaming").replacing("10.0.0.10/24", with: "10.0.1.10/24")

  private func findings(_ result: ProgramResult) -> Int { result.text.components("error[M") + result.text.components("warning[M") }

  @Test func fixLeavesFewerFindingsAndEveryComment() throws {
    try Workspace.with(["t.yaml": Self.bad]) { workspace in
      let before = try workspace.maasc("check", "t.yaml")
      let fixed = try workspace.maasc("check", "t.yaml", "--fix")
      let after = try workspace.maasc("check", "t.yaml")
      #expect(findings(after) < findings(before), "\(before.story)\(after.story)")
      #expect(fixed.text == after.text && fixed.status == after.status)
      let text = try workspace.read("t.yaml")
      for comment in ["# the site", "# computed", "# every host"] { #expect(text.contains(comment)) }
      let changed = zip(Self.bad.split(separator: "\n"), text.split(separator: "\n")).count { $0 != $1 }
      #expect(changed == 3 && text.split(separator: "\n").count == Self.bad.split(separator: "\n").count, "\(text)")
      #expect(try workspace.maasc("check", "t.yaml", "--diff").status == 0)
    }
  }

  @Test func diffIsAPatchThatGitTakes() throws {
    try Workspace.with(["sub/t.yaml": Self.bad]) { workspace in
      let result = try workspace.shell(
        "git init -q . && cd sub && (maasc check t.yaml --diff >../p; test $? = 2) && cd .. && git apply p && maasc check sub/t.yaml --diff")
      let patched = try workspace.read("sub/t.yaml")
      #expect(patched != Self.bad && patched.contains("mode: streaming"), "\(result.story)")
      #expect(result.errors.isEmpty, "\(result.story)")
    }
  }

  @Test func aBaselineSilencesWhatItKnowsAndReportsWhatIsGone() throws {
    try Workspace.with(["t.yaml": Site.noBackup]) { workspace in
      let written = try workspace.maasc("check", "t.yaml", "--write-baseline", "known")
      #expect(written.status == 0 && written.text == "known: 1 known\n", "\(written.story)")
      let options = ["check", "t.yaml", "--baseline", "known", "--fail-on", "warning"]
      let known = try workspace.maasc(options)
      #expect(known.status == 0 && !known.text.contains("M802]"), "\(known.story)")
      try workspace.write("# moved\n\n" + Site.noBackup, to: "t.yaml")
      let moved = try workspace.maasc(options)
      #expect(moved.status == 0, "a baseline does not depend on line numbers: \(moved.story)")
      try workspace.write(Site.noBackup.replacing("max_connections: auto", with: "max_connections: 100"), to: "t.yaml")
      let new = try workspace.maasc(options)
      #expect(new.status == 1 && new.text.contains("error[M402]") && !new.text.contains("M802]"), "\(new.story)")
      try workspace.write(Site.clean, to: "t.yaml")
      let stale = try workspace.maasc(options)
      #expect(stale.status == 1 && stale.text.contains("--> known:2:1"), "\(stale.story)")
    }
  }

  @Test func whatWouldBreakTheBundleEntersNoBaseline() throws {
    try Workspace.with(["t.yaml": Site.tooFewConnections]) { workspace in
      let written = try workspace.maasc("check", "t.yaml", "--write-baseline", "known")
      #expect(written.text == "known: 0 known; 1 would break the bundle and cannot be accepted\n", "\(written.story)")
      let check = try workspace.maasc("check", "t.yaml", "--baseline", "known")
      #expect(check.status == 1, "\(check.story)")
    }
  }

  @Test(arguments: [
    ("# maasc: ignore M802 -- the site's own backup takes the disks", 0, ""),
    ("# maasc: ignore M802", 1, "M109"),
    ("# maasc: ignore M801 -- wrong rule", 1, "M109"),
    ("# maasc: ignore M899 -- no such rule", 1, "M109"),
  ])
  func aCommentSuppressesForAReason(comment: String, status: Int32, rule: String) throws {
    try Workspace.with(["t.yaml": Site.noBackup.replacing("# the site", with: comment)]) { workspace in
      let result = try workspace.maasc("check", "t.yaml", "--fail-on", "warning")
      #expect(result.status == status && (rule.isEmpty || result.text.contains("[\(rule)]")), "\(result.story)")
    }
  }

  @Test func whatWouldBreakTheBundleIsNotSuppressible() throws {
    let text = Site.with("max_connections: auto   #", "max_connections: 100   # maasc: ignore M402 -- we like it")
    try Workspace.with(["t.yaml": text]) { workspace in
      let result = try workspace.maasc("check", "t.yaml")
      #expect(result.status == 1 && result.text.contains("error[M402]"), "\(result.story)")
    }
  }
}

extension String {
  fileprivate func components(_ separator: String) -> Int { ranges(of: separator).count }
}
