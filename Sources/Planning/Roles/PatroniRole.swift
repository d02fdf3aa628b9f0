import Diagnostics
import Formats
import Topology

/// PostgreSQL whose fail-over is automatic, by Patroni.
enum PatroniRole {
  static func plan(_ builder: inout PlanBuilder) {
    guard case .patroni(let patroni) = builder.topology.postgresql.deployment, let superuser = patroni.superuserPassword,
      let replication = patroni.replication?.password
    else { return }
    let passwords = PatroniFiles.Passwords(
      superuser: builder.need(superuser.value), replication: builder.need(replication.value, charset: .unreserved),
      rewind: patroni.rewindPassword.map { builder.need($0.value) })
    let plan = PatroniPlan(
      server: DatabaseServer(builder.topology), patroni: patroni, passwords: passwords, database: PostgreSQLDatabaseStep(builder: &builder))
    plan.add(to: &builder)
  }
}

private struct PatroniPlan {
  let server: DatabaseServer
  let patroni: Patroni
  let passwords: PatroniFiles.Passwords
  let database: PostgreSQLDatabaseStep

  func add(to builder: inout PlanBuilder) {
    let managed = server.members.filter { builder.topology.level(of: .postgresql, on: $0.id) == .full }
    for member in server.members { addFiles(of: member, to: &builder) }
    let etcd = patroni.etcd.map { builder[$0.value] }
    let steps = managed.map { member in
      PatroniSteps(
        server: server, host: builder[member.id], etcd: etcd, scope: builder.topology.patroniScope().value,
        files: files(builder).all(of: member), isFirst: member.id == server.members.first?.id,
        origin: patroni.members.first { $0.value == member.id }?.span ?? patroni.span)
    }
    let published = zip(managed, steps).map { member, steps in
      Predecessor.step(builder.add(steps.publish(after: builder.after(.packages(member.id), .lockStore))))
    }
    // The first member alone until it leads; then the others can be copied from it.
    var members: [Predecessor] = []
    for steps in steps {
      let member = builder.add(steps.member(after: published + members.prefix(1)))
      members.append(.step(builder.add(database.step(steps.host, after: [.step(member)], origin: builder.topology.postgresql.database.span))))
    }
    addSettings(steps, after: members, to: &builder)
  }

  private func addSettings(_ steps: [PatroniSteps], after members: [Predecessor], to builder: inout PlanBuilder) {
    guard let first = steps.first else { return }
    var last = [Predecessor.step(builder.add(first.settings(after: members)))]
    for turn in PostgreSQLRestartSteps.Turn.allCases {
      for steps in steps {
        last = [.step(builder.add(steps.restart(turn, after: last), reaching: turn == .lowered ? .databaseServer : nil))]
      }
    }
  }

  private func files(_ builder: PlanBuilder) -> PatroniFiles {
    PatroniFiles(builder: builder, server: server, patroni: patroni, passwords: passwords)
  }

  private func addFiles(of member: DatabaseServer.Member, to builder: inout PlanBuilder) {
    let level = builder.topology.level(of: .postgresql, on: member.id)
    guard level != .none else { return }
    let noCluster = PostgreSQLFiles.noCluster(builder)
    builder[member.id].files += ([noCluster, PostgreSQLFiles.scramVerifier(builder)] + files(builder).all(of: member)).map { file in
      var file = file
      file.isInstalled = level == .full
      return file
    }
    builder[member.id].probes += PostgreSQLProbes(topology: builder.topology, server: server).patroni
    builder[member.id].services.append(PlannedService(PatroniFiles.unit))
    guard level == .full else { return }
    builder[member.id].packages += [server.package, "python3", "patroni", "python3-etcd", "etcd-client"]
    builder.add(PostgreSQLRoleSteps.noCluster(builder[member.id], noCluster, after: builder.after(.ready)), reaching: .beforePackages(member.id))
  }
}
