import Diagnostics
import Formats

/// Users, the database and the slots; done on whichever member is the primary.
struct PostgreSQLDatabaseStep {
  var server: DatabaseServer
  var database: String
  var user: String
  /// Name of the secret that holds MAAS' password; nil where it is not ours to set.
  var password: String?
  /// Of the user that standbys stream and rewind as; nil without standbys, and with Patroni, which makes its own users.
  var replicationPassword: String?
  /// MAAS creates them; the server must have their files.
  var neededExtensions: [String]
  /// This step creates them.
  var furtherExtensions: [String]

  func step(_ host: HostPlan, after: [Predecessor], origin: Span) -> Step {
    let prelude = server.shell + functions(host)
    return Step(
      host: host, phase: .database, name: "postgresql-database", title: "Make MAAS' user and database if this member is the primary",
      why: "MAAS must own its database. Passwords reach the server only as SCRAM verifiers that are computed on this host.", after: after,
      check: prelude + "is_done", apply: prelude + apply(host), verify: prelude + "is_done",
      back: "only by hand, and only while MAAS is not initialised: drop database, drop role",
      secrets: [password, replicationPassword].compactMap { $0 }, origin: origin)
  }

  private var logins: [(user: String, secret: String, attributes: SQL)] {
    var result: [(String, String, SQL)] = []
    if let password { result.append((user, password, "login")) }
    if let replicationPassword { result.append((server.replicationUser, replicationPassword, "login replication")) }
    return result
  }

  private func slots(_ host: HostPlan) -> [String] { replicationPassword == nil ? [] : server.peers(of: host.id).map(\.slot) }

  private func functions(_ host: HostPlan) -> Shell {
    let hasPasswords = logins.map { login -> Shell in "has_password \(login.user) \(login.secret)" }
    let owner: SQL = "select pg_get_userbyid(datdba) from pg_database where datname = \(database)"
    let grants: SQL = "select bool_and(has_function_privilege(\(server.replicationUser), f, 'execute')) from unnest(\(Self.rewindFunctions)) f"
    let missing: SQL = """
      select string_agg(name, ' ') from unnest(array[\(literals: neededExtensions + furtherExtensions)]::text[]) name where name not in (select name from pg_available_extensions)
      """
    let created: SQL = "select count(*) from pg_extension where extname in (\(literals: furtherExtensions))"
    let parts: [Shell] =
      hasPasswords + ["[[ $(sql -c \(owner.text)) == \(user) ]]"] + (replicationPassword == nil ? [] : ["[[ $(sql -c \(grants.text)) == t ]]"])
      + (furtherExtensions.isEmpty ? [] : ["[[ $(sql -d \(database) -c \(created.text)) == \(furtherExtensions.count) ]]"])
    return """
      is_primary() { [[ $(sql -c 'select pg_is_in_recovery()') == f ]]; }
      has_slots() { [[ $(sql -c \(missingSlots(host).text)) == 0 ]]; }
      has_password() { # USER SECRET
        { sql -v name="$1" <<<"select coalesce((select rolpassword from pg_authid where rolname = :'name'), '')"; secret "$2"; } |
          /usr/bin/python3 -I \(ScramVerifierTool.path) match
      }
      has_extensions() {
        local missing
        missing=$(sql -c \(missing.text))
        [[ -z $missing ]] || fail "PostgreSQL lacks the files of these extensions, which MAAS or postgresql.extensions wants: $missing"
      }
      is_done() { has_slots && { ! is_primary || { has_extensions && \(Shell(raw: parts.map(\.code).joined(separator: " && "))); }; }; }
      """
  }

  /// What pg_rewind calls on the server that it copies from (PostgreSQL manual, pg_rewind).
  private static let rewindFunctions: SQL = """
    array['pg_catalog.pg_ls_dir(text, boolean, boolean)', 'pg_catalog.pg_stat_file(text, boolean)', 'pg_catalog.pg_read_binary_file(text)', \
    'pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)']
    """

  private func missingSlots(_ host: HostPlan) -> SQL {
    "select count(*) from unnest(array[\(literals: slots(host))]::text[]) s where s not in (select slot_name from pg_replication_slots)"
  }

  private func apply(_ host: HostPlan) -> Shell {
    let setPasswords = logins.map { login -> Shell in
      "set_password \(login.user) \(login.secret) \(login.attributes.text)"
    }
    let database: SQL = """
      select format('create database %I owner %I encoding ''UTF8'' template template0', \(self.database), \(user))
        where not exists (select from pg_database where datname = \(self.database)) \\gexec
      alter database \(identifier: self.database) owner to \(identifier: user);
      """
    let extensions = furtherExtensions.map { name -> SQL in "create extension if not exists \(identifier: name);" }
    let create: Shell =
      extensions.isEmpty
      ? "" : "sql -d \(self.database) <<<\("set synchronous_commit = local;\n" + extensions.map(\.text).joined(separator: "\n"))"
    let slots: SQL = """
      select pg_create_physical_replication_slot(s) from unnest(array[\(literals: self.slots(host))]::text[]) s
        where s not in (select slot_name from pg_replication_slots);
      """
    return """
      set_password() { # USER SECRET ATTRIBUTES: no statement waits for a standby that is not there yet
        local verifier
        verifier=$(secret "$2" | /usr/bin/python3 -I \(ScramVerifierTool.path) make)
        sql -v name="$1" -v attributes="$3" <<<"set synchronous_commit = local;
          select format('create role %I', :'name') where not exists (select from pg_roles where rolname = :'name') \\\\gexec
          alter role :\\"name\\" :attributes password '$verifier';"
      }
      if is_primary; then
        has_extensions
        \(Shell.lines(zip(logins, setPasswords).map { "has_password \($0.user) \($0.secret) || \($1)" }))
        sql <<<\("set synchronous_commit = local;\n\(database.text)\n\(grantsToRewind.text)")
        \(create)
      fi
      \(self.slots(host).isEmpty ? "" : "sql -c \(slots.text) >/dev/null" as Shell)
      """
  }

  private var grantsToRewind: SQL {
    guard replicationPassword != nil else { return "" }
    return """
      grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean), pg_catalog.pg_stat_file(text, boolean),
        pg_catalog.pg_read_binary_file(text), pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) to \(identifier: server.replicationUser);
      """
  }
}
