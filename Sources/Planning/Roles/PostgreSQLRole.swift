import Diagnostics
import Formats
import MAASFacts
import Topology

/// PostgreSQL with streaming replication and fail-over by hand.
enum PostgreSQLRole {
  static func plan(_ builder: inout PlanBuilder) {
    guard case .streaming(let streaming) = builder.topology.postgresql.deployment else { return }
    let secret = streaming.members.count > 1 ? streaming.replication?.password : nil
    let plan = StreamingPlan(
      server: DatabaseServer(builder.topology), replicationSecret: secret.map { builder.need($0.value, charset: .unreserved) },
      isSynchronous: streaming.replication?.synchronous?.value ?? false,
      database: PostgreSQLDatabaseStep(builder: &builder))
    plan.add(to: &builder)
  }
}

extension PostgreSQLDatabaseStep {
  /// MAAS' own user and database, as the topology has them.
  init(builder: inout PlanBuilder) {
    let topology = builder.topology
    self.init(
      server: DatabaseServer(topology), database: topology.databaseName().value, user: topology.databaseUser().value,
      password: topology.postgresql.database.password.map { builder.need($0.value, charset: .unreserved) }, replicationPassword: nil,
      neededExtensions: topology.neededExtensions, furtherExtensions: topology.furtherExtensions)
  }
}

extension Topology {
  /// What MAAS creates by itself, of every region's version, in the table's order.
  var neededExtensions: [String] {
    let versions = regions.map { version(on: $0.host.value).value }
    return DatabaseExtensions.table.filter { item in versions.contains { item.lifespan.contains($0) } }.map(\.name)
  }

  /// What the topology wants beside them: ours to create, since MAAS' user may not.
  var furtherExtensions: [String] { postgresql.extensions.map(\.value).filter { !neededExtensions.contains($0) } }
}

private struct StreamingPlan {
  let server: DatabaseServer
  let replicationSecret: String?
  let isSynchronous: Bool
  var database: PostgreSQLDatabaseStep

  func add(to builder: inout PlanBuilder) {
    var database = database
    database.replicationPassword = replicationSecret
    let managed = server.members.filter { builder.topology.level(of: .postgresql, on: $0.id) == .full }
    for member in server.members { addFiles(of: member, to: &builder) }
    let ready = managed.map { Predecessor.step(addService(of: $0, to: &builder)) }
    // The first member makes the cluster and the users; only then can the others be copied from whichever is primary.
    var created: [Predecessor] = []
    var last: [Predecessor] = []
    for (index, member) in managed.enumerated() {
      let id = addCluster(of: member, isFirst: member.id == server.members.first?.id, database, after: ready + created, to: &builder)
      if index == 0 { created = [.step(id)] }
      last.append(.step(id))
    }
    addRestarts(of: managed, after: last, to: &builder)
  }

  private func files(of member: DatabaseServer.Member, _ builder: PlanBuilder) -> PostgreSQLFiles {
    PostgreSQLFiles(builder: builder, server: server, member: member, replicationSecret: replicationSecret, isSynchronous: isSynchronous)
  }

  private func addFiles(of member: DatabaseServer.Member, to builder: inout PlanBuilder) {
    let level = builder.topology.level(of: .postgresql, on: member.id)
    guard level != .none else { return }
    let files = files(of: member, builder)
    builder[member.id].files += ([PostgreSQLFiles.noCluster(builder)] + files.roleService + [files.startMode, files.settings, files.hba]).map {
      file in
      var file = file
      file.isInstalled = level == .full
      return file
    }
    builder[member.id].probes += PostgreSQLProbes(topology: builder.topology, server: server).probes(
      of: member, isReplicated: replicationSecret != nil)
    builder[member.id].services.append(PlannedService(server.unit, .any))
    guard level == .full else { return }
    builder[member.id].packages += [server.package, "python3"]
    builder[member.id].services += [PlannedService(DatabaseServer.bootUnit, .boot), PlannedService(DatabaseServer.roleUnit)]
  }

  private func addService(of member: DatabaseServer.Member, to builder: inout PlanBuilder) -> StepID {
    let files = files(of: member, builder)
    let host = builder[member.id]
    builder.add(
      PostgreSQLRoleSteps.noCluster(host, PostgreSQLFiles.noCluster(builder), after: builder.after(.ready)), reaching: .beforePackages(member.id))
    let service = builder.add(
      PostgreSQLRoleSteps.roleService(
        server, host, files: files.roleService, secrets: [replicationSecret].compactMap { $0 }, after: builder.after(.packages(member.id))))
    return builder.add(
      PostgreSQLConfigureStep.step(server, host, settings: files.settings, hba: files.hba, startMode: files.startMode, after: [.step(service)]))
  }

  private func addCluster(
    of member: DatabaseServer.Member, isFirst: Bool, _ database: PostgreSQLDatabaseStep, after: [Predecessor], to builder: inout PlanBuilder
  ) -> StepID {
    let origin = builder.topology.postgresql.members.first { $0.value == member.id }?.span ?? builder.topology.postgresql.span
    let cluster = builder.add(PostgreSQLClusterStep.step(server, builder[member.id], isFirst: isFirst, after: after, origin: origin))
    return builder.add(database.step(builder[member.id], after: [.step(cluster)], origin: builder.topology.postgresql.database.span))
  }

  /// One server at a time.
  private func addRestarts(of members: [DatabaseServer.Member], after: [Predecessor], to builder: inout PlanBuilder) {
    let turns: [PostgreSQLRestartSteps.Turn] = server.members.count > 1 ? [.standby, .primary, .lowered] : [.primary]
    var last = after
    for turn in turns {
      for member in members {
        let isLast = turn == turns.last
        let step = PostgreSQLRestartSteps.step(turn, server, builder[member.id], after: last, origin: builder.topology.postgresql.span)
        last = [.step(builder.add(step, reaching: isLast ? .databaseServer : nil))]
      }
    }
  }
}
