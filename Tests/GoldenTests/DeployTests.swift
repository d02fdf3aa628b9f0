import Diagnostics
import Formats
import Foundation
import Planning
import Testing
import Topology

/// deploy.sh against two hosts that are directories. Needs root and `unshare`.
@Suite(.serialized) struct DeployTests {
  let deployment: Deployment

  init() throws {
    deployment = try Deployment()
    add(
      "one", .packages, "file", check: "file_current /etc/maasc-test/a root root 640", apply: "install_file /etc/maasc-test/a root root 640",
      secrets: ["token"])
    add("two", .region, "mark", check: "[[ -e $STATE/mark ]]", apply: "echo set to work\ntouch \"$STATE/mark\"", rollback: "rm \"$STATE/mark\"")
    deployment.plan.secrets = [
      SecretNeed(name: "token", source: .declared(.environment("TEST_SECRET")), reader: .operator, perHost: false, charset: .any)
    ]
    deployment.plan.hosts[0].files = [
      PlannedFile(
        path: "/etc/maasc-test/a", mode: 0o640, content: RenderedText(text: "token \"@maasc:token@\"\n"), secrets: ["token"], keyPath: "x",
        origin: .none)
    ]
  }

  private func add(
    _ host: String, _ phase: Phase, _ name: String, check: Shell, apply: Shell, verify: Shell = "true", rollback: Shell? = nil,
    secrets: [String] = []
  ) {
    guard let host = deployment.plan.hosts.first(where: { $0.name == host }) else { return }
    deployment.plan.steps.add(
      Step(
        host: host, phase: phase, name: name, title: "Do \(name)", why: "test", after: deployment.plan.steps.steps.map { .step($0.id) },
        check: check, apply: apply, verify: verify, rollback: rollback, secrets: secrets, timeout: 120, origin: .none))
  }

  @Test func aSecondDeploymentChangesNothing() throws {
    let first = try deployment.run()
    #expect(first.status == 0, "\(first.output)")
    #expect(first.output.contains("finished: 2 applied, 0 unchanged"))
    #expect(deployment.text("hosts/192.0.2.1/etc/a") == "token \"hunter2\\\"\\\\x\"\n")
    let second = try deployment.run()
    #expect(second.status == 0, "\(second.output)")
    #expect(second.output.contains("finished: 0 applied, 2 unchanged"))
  }

  /// What is sent must mean the same to each: csh ends words at line ends and expands `!`, fish reads backslashes between single quotes.
  @Test(arguments: ["csh", "fish", "dash"]) func anyLoginShellWillDo(shell: String) throws {
    deployment.loginShell = shell
    let run = try deployment.run()
    #expect(run.status == 0, "\(run.output)")
    #expect(deployment.text("hosts/192.0.2.1/etc/a") == "token \"hunter2\\\"\\\\x\"\n")
  }

  @Test func aDryRunChangesNothing() throws {
    let run = try deployment.run("--dry-run")
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("0 applied, 0 unchanged, 2 would change"))
    #expect(deployment.text("hosts/192.0.2.1/etc/a") == nil)
    #expect(deployment.text("hosts/192.0.2.1/lib/deployed") == nil)
  }

  @Test func aSecretIsOnlyWhereItBelongs() throws {
    add("two", .acceptance, "leak", check: "false", apply: "echo \"the value is $(secret token)\"", secrets: ["token"])
    #expect(try deployment.run().status == 0)
    let places = deployment.everything.filter { $0.text.contains("hunter2") }.map(\.name)
    // The file itself, and the note that tells whether it was changed since; both only root's.
    #expect(places == ["hosts/192.0.2.1/etc/a", "hosts/192.0.2.1/lib/installed/etc/maasc-test/a"])
    #expect(deployment.everything.contains { $0.name.hasSuffix("two/acceptance-leak.log") && $0.text.contains("the value is ***") })
  }

  @Test func aFailedVerifyStopsAndNamesTheWayBack() throws {
    add("two", .rack, "bad", check: "false", apply: "true", verify: "fail \"the rack does not answer\"", rollback: "true")
    add("one", .dhcp, "after", check: "false", apply: "touch /etc/maasc-test/after")
    let run = try deployment.run()
    #expect(run.status == 1)
    for words in ["step:     two/rack-bad", "reason:   the rack does not answer", "/two/rack-bad.log", "rack-bad.sh rollback", "1 not reached"] {
      #expect(run.output.contains(words), "\(run.output)")
    }
    #expect(deployment.text("hosts/192.0.2.1/etc/after") == nil)
  }

  /// Like those of the operator's machine, they are there before anything is changed, or nothing is.
  @Test(arguments: [("hunter2", 0), (nil, 1)]) func secretsOfAHostAreReadFirst(value: String?, status: Int32) throws {
    deployment.plan.secrets.append(
      SecretNeed(name: "own", source: .declared(.file("/etc/maasc-test/own")), reader: .host, perHost: false, charset: .any))
    add("two", .rack, "late", check: "false", apply: "secret own >/dev/null", secrets: ["own"])
    if let value { try deployment.put(value, at: "hosts/192.0.2.2/etc/own") }
    let run = try deployment.run()
    #expect(run.status == status, "\(run.output)")
    #expect(run.output.contains("the secret own did not get to two") == (value == nil), "\(run.output)")
    #expect((deployment.text("hosts/192.0.2.1/etc/a") == nil) == (value == nil))
  }

  /// Every step may have worked, and the host still not be what the topology wants.
  @Test func aDifferenceThatVerifyFindsAtTheEndIsAFailure() throws {
    deployment.plan.hosts[1].probes = [
      Probe(id: "answer", title: "the answer is there", command: "cat \(Self.answer)", expected: .equals("42"), origin: .none)
    ]
    let run = try deployment.run()
    #expect(run.status == 1)
    #expect(run.output.contains("finished, but with differences: 2 applied"), "\(run.output)")
    #expect(run.output.contains("two: 1 checks, 1 differences"), "\(run.output)")
    try deployment.put("42\n", at: "hosts/192.0.2.2/etc/answer")
    let again = try deployment.run()
    #expect(again.status == 0, "\(again.output)")
  }
  private static let answer = "/etc/maasc-test/answer"

  /// A token that is good for one use is asked for only by a step that has something to do.
  @Test(arguments: [Secret.Reader.host, .operator]) func aSecretForOneUseIsAskedForAfterTheCheck(reader: Secret.Reader) throws {
    let asked = deployment.path + "/asked"
    deployment.plan.secrets.append(
      SecretNeed(
        name: "once", source: .declared(.command(["sh", "-c", "echo x >>\(asked); echo $(wc -l <\(asked))th-token"])), reader: reader, perHost: true,
        charset: .any))
    add("two", .vault, "unwrap", check: "[[ -e $STATE/unwrapped ]]", apply: "secret once >\"$STATE/unwrapped\"", secrets: ["once"])
    for _ in 1...2 {
      let run = try deployment.run()
      #expect(run.status == 0, "\(run.output)")
    }
    #expect(deployment.text("asked") == "x\n")
    #expect(deployment.text("hosts/192.0.2.2/lib/unwrapped") == "1th-token")
  }

  @Test func aFileThatSomebodyChangedStopsIt() throws {
    #expect(try deployment.run().status == 0)
    try deployment.put("changed", at: "hosts/192.0.2.1/etc/a")
    let run = try deployment.run()
    #expect(run.status == 1)
    #expect(run.output.contains("/etc/maasc-test/a was changed"), "\(run.output)")
    #expect(deployment.text("hosts/192.0.2.1/etc/a") == "changed")
    #expect(try deployment.run("--overwrite").status == 0)
    #expect(deployment.text("hosts/192.0.2.1/etc/a.prev") == "changed")
  }

  @Test func anOlderBundleIsRefused() throws {
    let old = deployment.plan
    #expect(try deployment.run().status == 0)
    add("two", .rack, "more", check: "true", apply: "true")
    #expect(try deployment.run().status == 0)
    deployment.plan = old
    let run = try deployment.run()
    #expect(run.status == 1)
    #expect(run.output.contains("a newer bundle than this was deployed there"), "\(run.output)")
    #expect(try deployment.run("--allow-older").status == 0)
  }

  @Test func aHostThatCannotBeReachedStopsItBeforeAnythingChanged() throws {
    try deployment.put("", at: "hosts/192.0.2.2.down")
    let run = try deployment.run()
    #expect(run.status == 1)
    #expect(run.output.contains("two: ssh: connect to host 192.0.2.2 port 22: No route to host"), "\(run.output)")
    #expect(deployment.text("hosts/192.0.2.1/etc/a") == nil)
  }

  /// Killed in the middle, it leaves no lock and no secret behind, and a rerun finishes. Meanwhile nobody else gets in, and afterwards a rerun does at once.
  @Test func aKilledRunFreesItsHosts() throws {
    add(
      "two", .rack, "slow", check: "[[ -e $STATE/slow ]]",
      apply: "touch /etc/maasc-test/began\nuntil [[ -e /etc/maasc-test/go ]]; do sleep 0.1; done\ntouch \"$STATE/slow\"", secrets: ["token"])
    let process = try deployment.start([], output: Pipe())
    try #require(eventually { deployment.text("hosts/192.0.2.2/etc/began") != nil })
    #expect(deployment.text("hosts/192.0.2.2/run/secrets/token") != nil)
    let other = try deployment.run()
    #expect(other.status == 1)
    #expect(other.output.contains("another run holds this host"), "\(other.output)")
    // What it started lives on for a moment, as the host's commands do behind a broken connection.
    kill(process.processIdentifier, SIGKILL)
    try #require(eventually { ["1", "2"].allSatisfy { deployment.text("hosts/192.0.2.\($0)/run/run") == nil } })
    #expect(deployment.text("hosts/192.0.2.2/run/secrets/token") == nil)
    try deployment.put("", at: "hosts/192.0.2.2/etc/go")
    let again = try deployment.run()
    #expect(again.status == 0, "\(again.output)")
    #expect(deployment.text("hosts/192.0.2.2/lib/slow") != nil)
  }

  @Test(arguments: ["--only=x", "--parallel 0", "--host nobody", "--only nothing", "--from"]) func wrongUsageIsTold(arguments: String) throws {
    deployment.plan.secrets = []
    let run = try deployment.run(with: arguments.split(separator: " ").map(String.init))
    #expect(run.status != 0)
    #expect(deployment.text("hosts/calls") == nil)
  }

  /// Within two minutes.
  private func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<6000 {
      if condition() { return true }
      usleep(20_000)
    }
    return false
  }
}
