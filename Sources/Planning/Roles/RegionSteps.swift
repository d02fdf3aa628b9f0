import Diagnostics
import Formats
import MAASFacts
import NetworkTypes
import Topology

extension RegionSteps {
  /// Regions of different revisions would migrate the one database against each other.
  func sameRevision(_ builder: PlanBuilder) -> Step {
    let same: Shell = "[[ $(\(host.revision)) == \"$(secret \(Self.revisionSecret))\" ]]"
    let change: Shell =
      host.kind == .snap
      ? """
      [[ $(snap_mode) == none ]] || fail "MAAS here is revision $(\(host.revision)), the first region has $(secret \(Self.revisionSecret)): upgrade this region first"
      snap refresh maas --revision="$(secret \(Self.revisionSecret))"
      """
      : "fail \"MAAS here is $(\(host.revision)), the first region has $(secret \(Self.revisionSecret)): make the archive's versions the same\""
    return Step(
      host: builder[host.host], phase: .region, name: "revision", title: "Have the first region's revision of MAAS",
      why: "All regions work on one database, whose schema belongs to one revision.", check: same, apply: change, verify: same,
      back: "snap revert maas, while no database of a newer schema is there",
      secrets: [Self.revisionSecret], origin: region.span)
  }

  /// `maas init`, which asks for the database on its standard input, so that the password stands in no argument. At the end of input it would ask
  /// for ever: hence the time limit and the bound on what is kept of its output (MAAS source, src/maascli/init.py, read_input).
  ///
  /// Whether the first region serves is asked after the migration: an init that was killed may have left a schema that it cannot serve with.
  func initialise(_ builder: PlanBuilder) -> Step {
    let run: Shell = """
      case $(snap_mode) in
        none)
          \(reachDatabase)
          said=$(timeout 1800 maas init \(host.mode) --maas-url \(url) <<<\(database.uri) 2>&1 | head -c 65536) ||
            fail "maas init: $(tail -n 20 <<<"$said")"
          ;;
        \(host.mode)) ;;
        *) fail "this host is a MAAS $(snap_mode), the topology wants \(raw: host.mode): 'maas init --force' would change it, and drops its certificates" ;;
      esac
      \(MAASConf.mergeRackd(host, builder))
      \(host.start)
      """
    return Step(
      host: builder[host.host], phase: .region, name: "initialise", title: "Make this host a MAAS \(host.mode)",
      why: isFirst
        ? "The first region creates the database's schema, while no other region is there."
        : "It joins the regions that share the database; one at a time, because their first starts would race.",
      check: host.isRunning, apply: run, verify: isFirst ? host.isRunning : verifyServing,
      back: isFirst
        ? "only while nothing uses this MAAS: snap remove --purge maas, and drop the database"
        : "delete this controller in MAAS, then snap remove --purge maas",
      export: isFirst ? host.revision : nil,
      secrets: database.secrets, timeout: 2400, origin: region.span)
  }

  /// Debian's packages have no `maas init`: with the configuration in place the units may run.
  func enable(_ builder: PlanBuilder) -> Step {
    let enabled: Shell = isFirst ? "units_enabled \(host.units)" : host.isRunning
    let run: Shell = """
      \(reachDatabase)
      systemctl unmask \(host.units)
      systemctl enable \(host.units)
      \(isFirst ? "" : host.restart)
      """
    return Step(
      host: builder[host.host], phase: .region, name: "initialise", title: "Let MAAS run as \(host.mode)",
      why: "The packages' units were masked, so that they did not start before they were configured.", check: enabled, apply: run,
      verify: isFirst ? enabled : verifyServing, rollback: "systemctl disable --now \(host.units)\nsystemctl mask \(host.units)",
      export: isFirst ? host.revision : nil, secrets: database.secrets, timeout: 1200, origin: region.span)
  }

  /// `maas init` takes any table for a finished schema, so one that was killed half-way leaves the rest undone (MAAS source, src/maascli/snap.py,
  /// db_need_init); and the region packages of Debian never migrate by themselves.
  func migrate(_ builder: PlanBuilder) -> Step {
    let run: Shell = """
      \(host.stop)
      said=$(timeout 3600 \(host.migrate) 2>&1) || fail "the migration failed: $(tail -n 20 <<<"$said")"
      \(host.kind == .deb ? host.restart : host.start)
      \(serving)
      \(host.revision) >"$STATE/maas-migrated"
      """
    let secretFile = host.paths.secret
    return Step(
      host: builder[host.host], phase: .region, name: "migrate", title: "Bring the database's schema to this MAAS",
      why: "Always, with MAAS stopped: a first start that was interrupted leaves a schema that looks finished.",
      check: "[[ -e $STATE/maas-migrated ]]", apply: run, verify: verifyServing,
      back: "none but runbook/restore.sh, with a backup from before",
      export: "wait_until 300 'MAAS has not written its secret' test -s \(secretFile)\ntr -d '[:space:]' <\(secretFile)",
      caution: "MAAS on this host is stopped while the database is migrated. There is no way back but a restore of the database.", timeout: 4500,
      origin: region.span)
  }

  /// The password is asked for twice, then keys to import; without a terminal the questions read standard input (MAAS source,
  /// src/maasserver/management/commands/createadmin.py).
  ///
  /// Without `maas.admin` the steps have an administrator of their own, whose password nobody knows.
  func createAdmin(_ admin: Administrator?, _ builder: inout PlanBuilder) -> Step {
    let user = APISession(builder).user
    let secrets = admin.map { [builder.need($0.password.value)] } ?? []
    let exists: Shell = "maas apikey --username \(user) >/dev/null 2>&1"
    let run: Shell = """
      password=$(\(secrets.first.map { "secret \($0)" } ?? "head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \\n'" as Shell))
      said=$(printf '%s\\n%s\\n\\n' "$password" "$password" |
        timeout 300 setsid -w maas createadmin --username \(user) --email \(admin?.email.value ?? "maasc@localhost") 2>&1 | head -c 65536) ||
        fail "maas createadmin: $(tail -n 5 <<<"$said")"
      """
    return Step(
      host: builder[host.host], phase: .region, name: "admin", title: "Create the administrator \(user)",
      why: "The steps that follow speak to MAAS' API in this name. An administrator who exists keeps the password.", check: exists, apply: run,
      verify: exists, back: "maas $PROFILE user delete \(user)", secrets: secrets, origin: admin?.username.span ?? builder.topology.maas.span)
  }

  /// Asked through the endpoint that MAAS will use, as MAAS' user. A database that knows controllers while this host is none belongs to an
  /// installation that this host is not the first region of.
  private var reachDatabase: Shell {
    let alive: Shell = """
      \(database.ask("SELECT 1")) >/dev/null || fail \("PostgreSQL does not answer \(database.user) at \(database.host):\(database.port)")
      """
    guard isFirst else { return alive }
    return """
      \(alive)
      tables=$(\(database.ask("SELECT to_regclass('public.maasserver_node') IS NOT NULL")))
      if [[ $tables == t ]]; then
        known=$(\(database.ask("SELECT count(*) FROM maasserver_node WHERE node_type IN (3, 4)")))
        ((known == 0)) || fail "the database holds $known region controllers, and this host is none of them: name one of theirs first under regions, or restore this host"
      fi
      """
  }

  private var serving: Shell {
    "wait_until 600 \("the region does not serve, or MAAS does not list it; see: \(host.log)") region_answers \(host.hostname)"
  }

  private var verifyServing: Shell { serving }
}
