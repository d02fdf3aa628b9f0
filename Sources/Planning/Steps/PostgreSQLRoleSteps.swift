import Diagnostics
import Formats

/// What must be on a member before it may hold a cluster: no cluster of the package's own making, and the service that tells roles.
enum PostgreSQLRoleSteps {
  static func noCluster(_ host: HostPlan, _ file: PlannedFile, after: [Predecessor]) -> Step {
    Step(
      host: host, phase: .packages, name: "postgresql-no-cluster", title: "Keep PostgreSQL's packages from making a cluster",
      why: "A cluster made at installation would have an identity of its own, and could never become a standby of the others.",
      after: after, check: .areCurrent([file]), apply: .install([file]), verify: .areCurrent([file]), rollback: "restore_file \(file.path)",
      origin: file.origin)
  }

  static func roleService(_ server: DatabaseServer, _ host: HostPlan, files: [PlannedFile], secrets: [String], after: [Predecessor]) -> Step {
    let unit = DatabaseServer.roleUnit
    let isRunning: Shell = """
      systemctl is-enabled --quiet \(unit) \(DatabaseServer.bootUnit)
      unit_active \(unit)
      [[ \(PostgreSQLRoleTool.startMark) -nt \(PostgreSQLRoleTool.path) && \(PostgreSQLRoleTool.startMark) -nt \(PostgreSQLRoleTool.configuration) ]]
      """
    let doesAnswer: Shell = server.roleShell + "role state | grep -Eq '^(running|stopped|none|unknown) '"
    return Step(
      host: host, phase: .database, name: "postgresql-role", title: "Tell HAProxy and the other members which role this server has",
      why: """
        HAProxy sends writes only where this service answers 200, and no start of the server passes its guard while another member is primary. \
        So roles are found at run time, and an old primary that comes back is neither served nor started.
        """,
      after: after,
      check: .areCurrent(files) + isRunning,
      apply: .lines([
        .install(files), "systemctl daemon-reload", "systemctl enable --quiet \(unit) \(DatabaseServer.bootUnit)", "systemctl restart \(unit)",
      ]),
      verify: isRunning + doesAnswer,
      back: "only together with HAProxy: the old files stay as .prev beside the new", secrets: secrets, origin: files.first?.origin ?? .none)
  }
}
