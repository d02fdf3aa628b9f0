import Formats

/// Settings and pg_hba.conf: installed before a cluster exists, and later checked by the server itself and reloaded, never by a restart.
enum PostgreSQLConfigureStep {
  static func step(
    _ server: DatabaseServer, _ host: HostPlan, settings: PlannedFile, hba: PlannedFile, startMode: PlannedFile, after: [Predecessor]
  ) -> Step {
    let files = [settings, hba]
    return Step(
      host: host, phase: .database, name: "postgresql-configure", title: "Install PostgreSQL's settings and pg_hba.conf",
      why: "The files are judged by pg_file_settings and pg_hba_file_rules before a reload; one bad line at a restart would leave the database down.",
      after: after,
      check: functions(server, files) + .areCurrent(files + [startMode]) + areWhole(server) + "is_loaded",
      apply: functions(server, files) + judgement + apply(server, files, startMode),
      verify: functions(server, files) + judgement + areWhole(server) + "no_errors\nis_loaded",
      rollback: functions(server, files) + .lines(files.map { "restore_file \($0.path)" })
        + "if is_running; then sql -c 'select pg_reload_conf()'; fi",
      origin: settings.origin)
  }

  /// A setting that waits for a restart has the last text as its error.
  private static let fileErrors: SQL = """
    select 'pg_hba.conf:' || line_number || ': ' || error from pg_hba_file_rules where error is not null
    union all select sourcefile || ':' || sourceline || ': ' || name || ': ' || error from pg_file_settings
    where error is not null and error <> 'setting could not be applied'
    """

  private static func functions(_ server: DatabaseServer, _ files: [PlannedFile]) -> Shell {
    let loadedAfter = files.map { "pg_conf_load_time() > to_timestamp($(stat -c %.6Y \(Shell.quote($0.path))))" }.joined(separator: " and ")
    return server.shell + """
      is_running() { as_postgres \("\(server.binaries)/pg_ctl") status -D \(server.dataDirectory) >/dev/null 2>&1; }
      is_loaded() { if is_running; then [[ $(sql -c "select \(raw: loadedAfter)") == t ]]; fi; }
      """
  }

  private static let judgement: Shell = """
    errors() { sql -c \(fileErrors.text); }
    no_errors() { if is_running; then [[ -z $(errors) ]] || { errors >&2; return 1; }; fi; }
    """

  /// Our files may have come before a cluster did, as with cloud-init, and without these no server starts.
  private static func areWhole(_ server: DatabaseServer) -> Shell {
    "[[ -e \("\(server.configuration)/postgresql.conf") && -e \("\(server.configuration)/pg_ident.conf") ]]"
  }

  private static func apply(_ server: DatabaseServer, _ files: [PlannedFile], _ startMode: PlannedFile) -> Shell {
    let base = "\(server.configuration)/postgresql.conf"
    return """
      install -d -o postgres -g postgres -m 755 \("/etc/postgresql/\(server.version)") \(server.configuration) \("\(server.configuration)/conf.d")
      # A cluster that Debian's packages made has these already.
      if [[ ! -e \(base) ]]; then
        install -o postgres -g postgres -m 644 /dev/null \("\(base).maasc-new")
        echo "include_dir = 'conf.d'" >\("\(base).maasc-new")
        mv \("\(base).maasc-new") \(base)
      fi
      [[ -e \("\(server.configuration)/pg_ident.conf") ]] || install -o postgres -g postgres -m 640 /dev/null \("\(server.configuration)/pg_ident.conf")
      \(Shell.install(files + [startMode]))
      if is_running; then
        if ! no_errors; then
          \(Shell.lines(files.map { "restore_file \($0.path)" }))
          fail "PostgreSQL refuses the new files; the old ones are back and nothing was reloaded"
        fi
        sql -c 'select pg_reload_conf()' >/dev/null
        wait_until 10 "PostgreSQL did not reload its configuration" is_loaded
      fi
      """
  }
}
