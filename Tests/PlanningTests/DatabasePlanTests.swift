import Formats
import Planning
import TestSupport
import Testing
import Topology

/// A topology of three members; `mode` and what belongs to it are filled in.
private func plan(_ postgresql: String, manage: String = "{}") throws -> Plan {
  let text = """
    schema: 1
    name: lab
    maas: {version: "3.7"}
    secrets: {database: {env: A}, replication: {env: B}, super: {env: C}, rewind: {env: D}}
    hosts:
      db-1: {address: 10.77.0.21}
      db-2: {address: 10.77.0.22}
      db-3: {address: 10.77.0.23}
      reg-1: {address: 10.77.0.31}
    regions: {reg-1: {}}
    racks: {reg-1: {}}
    postgresql:
      version: 16
      members: [db-1, db-2, db-3]
      database: {password: database}
    \(postgresql)
    backup: {host: reg-1, keep: 3}
    manage: \(manage)
    """
  let result = read(text)
  // Not every mode uses every secret.
  #expect(result.lines.filter { !$0.contains(" M108 ") } == [])
  return makePlan(try #require(result.topology))
}

private let streaming = """
    mode: streaming
    replication: {password: replication, synchronous: true}
  """
private let patroni = """
    mode: patroni
    replication: {password: replication}
    patroni: {etcd: [db-1, db-2, reg-1], superuser_password: super, rewind: {user: rewind, password: rewind}}
  """

extension Plan {
  fileprivate func position(_ id: String) throws -> Int {
    try #require(steps.ordered().firstIndex { $0.id.description == id }, "no step \(id)")
  }
  fileprivate func file(_ host: String, _ path: String) throws -> PlannedFile {
    try #require(hosts.first { $0.name == host }?.files.first { $0.path == path }, "no file \(path) on \(host)")
  }
}

@Test(arguments: [
  (streaming, ["postgresql-role", "postgresql-configure", "postgresql-cluster", "postgresql-database", "postgresql-restart-primary"]),
  (patroni, ["etcd", "etcd-quorum", "patroni-data", "patroni", "postgresql-database", "patroni-settings", "patroni-restart-primary"]),
])
func stepsOfTheFirstMemberComeInOrder(postgresql: String, names: [String]) throws {
  let plan = try plan(postgresql)
  let positions = try names.map { try plan.position("db-1/database-\($0)") }
  #expect(positions == positions.sorted())
  #expect(try plan.position("db-1/packages-postgresql-no-cluster") < plan.position("db-1/packages-install"))
}

@Test(arguments: [(streaming, "postgresql-cluster"), (patroni, "patroni")])
func theFirstMemberHasItsDatabaseBeforeOthersJoin(postgresql: String, join: String) throws {
  let plan = try plan(postgresql)
  let first = try plan.position("db-1/database-postgresql-database")
  for host in ["db-2", "db-3"] { #expect(try first < plan.position("\(host)/database-\(join)")) }
}

@Test func standbysRestartBeforeThePrimary() throws {
  let plan = try plan(streaming)
  let standbys = try ["db-1", "db-2", "db-3"].map { try plan.position("\($0)/database-postgresql-restart-standby") }
  let primaries = try ["db-1", "db-2", "db-3"].map { try plan.position("\($0)/database-postgresql-restart-primary") }
  #expect(try #require(standbys.max()) < #require(primaries.min()))
}

@Test func aMemberKnowsItsPeersAndAdmitsEachByOneAddress() throws {
  let plan = try plan(streaming)
  let settings = try plan.file("db-2", "/etc/postgresql/16/main/conf.d/maasc.conf").content.text
  #expect(settings.contains("listen_addresses = 'localhost,10.77.0.22'"))
  #expect(settings.contains("primary_conninfo = 'host=10.77.0.21,10.77.0.23 "))
  // Else a host without power in that list holds a standby back for minutes.
  #expect(settings.contains("target_session_attrs=read-write tcp_user_timeout=10000 "))
  #expect(settings.contains(#"synchronous_standby_names = 'ANY 1 ("db-1", "db-3")'"#))
  let hba = try plan.file("db-2", "/etc/postgresql/16/main/pg_hba.conf").content.text
  #expect(hba.contains("host maasdb maas 10.77.0.31/32 scram-sha-256\n"))
  #expect(hba.contains("host replication replicator 10.77.0.21/32 scram-sha-256\n"))
  #expect(!hba.contains("10.77.0.22/32"))
  #expect(!hba.contains("0.0.0.0/0"))
}

@Test(arguments: [streaming, patroni])
func passwordsStandOnlyInFilesThatOneUserReads(postgresql: String) throws {
  for host in try plan(postgresql).hosts {
    for file in host.files where file.content.text.contains("@maasc:") && !file.path.hasSuffix("authorized_keys") {
      #expect(!file.secrets.isEmpty, "\(file.path)")
      #expect(file.mode & 0o037 == 0, "\(file.path)")
    }
  }
}

@Test(arguments: [streaming, patroni])
func observedMembersAreProbedAndNeverWritten(postgresql: String) throws {
  let plan = try plan(postgresql, manage: "{postgresql: observe}")
  #expect(plan.steps.steps.allSatisfy { $0.phase != .database })
  let member = try #require(plan.hosts.first { $0.name == "db-1" })
  #expect(member.files.filter { $0.keyPath.hasPrefix("postgresql") }.allSatisfy { !$0.isInstalled })
  #expect(member.probes.contains { $0.id == "postgresql.max_connections" })
}

@Test(arguments: [streaming, patroni])
func noSecretBecomesAWordOfACommand(postgresql: String) throws {
  for step in try plan(postgresql).steps.steps where step.phase == .database {
    for code in [step.check.code, step.apply.code, step.verify.code] {
      // A secret is read by a pipe or a builtin; `$(secret …)` as an argument of a program would stand in the process table.
      let words = code.split(separator: "\n").filter { $0.contains("$(secret ") && !$0.contains("printf") && !$0.contains("=$(secret ") }
      #expect(words.isEmpty, "\(step.id)")
    }
  }
}

/// Of a peer that answered as the primary of a later timeline: one poll without an answer changes nothing, silence that lasts does.
@Test func onePollWithoutAnAnswerMakesNoOldPrimaryServe() throws {
  let tool = try #require(try plan(streaming).file("/usr/local/lib/maasc/postgresql-role", on: "db-1"))
  let probe = """
    import sys
    sys.argv, names = ["role"], {}
    try:
        exec(compile(sys.stdin.read(), "role", "exec"), names)
    except SystemExit:
        pass
    Peer, silent, later = names["Peer"], names["SILENT"], ("running", "primary", 2, "7")
    now, answers, seen = 0.0, [later, silent, later, silent, silent, silent, silent, silent], []
    def sleep(seconds):
        global now
        seen.append(peer.recent() == later)
        now += seconds
    class Clock:
        monotonic, sleep = staticmethod(lambda: now), staticmethod(sleep)
    names["time"] = Clock
    peer = Peer({}, "db-2", "db-2")
    peer.over_http = lambda: answers.pop(0)
    try:
        peer.watch()
    except IndexError:
        print(seen)
    """
  let result = try run(try find("python3", package: "python3"), ["-I", "-c", probe], input: Array(tool.utf8))
  #expect(result.text == "[True, True, True, True, True, True, False, False]\n", "\(result.story)")
}
