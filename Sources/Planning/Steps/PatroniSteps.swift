import Diagnostics
import Formats

/// The steps of one Patroni member.
struct PatroniSteps {
  let server: DatabaseServer
  let host: HostPlan
  let etcd: [HostPlan]
  let scope: String
  /// The member's configuration, what goes into etcd, the unit's drop-in.
  let files: [PlannedFile]
  let isFirst: Bool
  let origin: Span

  /// Each member tells the others through etcd what its data directory holds, so that a new cluster is never made beside an old one.
  func publish(after: [Predecessor]) -> Step {
    // Where Patroni runs, it decides; what was told before no longer matters.
    let isPublished = shell + "unit_active \(PatroniFiles.unit) || [[ $(published \(host.name)) == \"$(held)\" ]]"
    return Step(
      host: host, phase: .database, name: "patroni-data", title: "Tell the other members what this data directory holds",
      why:
        "The first member makes a new cluster only if no member holds one. The others cannot be asked before Patroni runs there, so etcd carries the answer.",
      after: after, check: isPublished, apply: shell + "etcd_client put \(key(host.name)) \"$(held)\" >/dev/null", verify: isPublished,
      back: "none is needed: where Patroni runs, nothing reads it", origin: origin)
  }

  func member(after: [Predecessor]) -> Step {
    let isRunning: Shell = """
      systemctl is-enabled --quiet \(PatroniFiles.unit)
      unit_active \(PatroniFiles.unit)
      is_member
      """
    let membership = membership + isMember
    let isRead: Shell = """
      [[ \(PatroniFiles.readMark) -nt \(PatroniFiles.configuration) && \(PatroniFiles.readMark) -nt \(PatroniFiles.dropIn) ]]
      """
    return Step(
      host: host, phase: .database, name: "patroni", title: isFirst ? "Run Patroni, first member" : "Run Patroni",
      why: """
        The first member runs alone until it leads. Patroni then finds roles by its lock; data of another cluster, or ahead of the leader, \
        stops this run before Patroni could touch it.
        """,
      after: after, check: .areCurrent(files + tools) + membership + isRunning + isRead, apply: shell + membership + judgement + apply,
      verify: membership + isRunning,
      back: "systemctl disable --now \(PatroniFiles.unit); the old files stay as .prev beside the new, the data is untouched",
      secrets: files.flatMap(\.secrets), timeout: 7200, origin: origin)
  }

  /// For the users' step.
  private var tools: [PlannedFile] { host.files.filter { $0.path == ScramVerifierTool.path } }

  private func key(_ member: String) -> String { "/maasc/\(scope)/\(member)" }

  private var shell: Shell {
    """
    etcd_client() { \(Etcdctl.command(etcd)) "$@"; }
    published() { etcd_client get --print-value-only \("/maasc/\(scope)/")"$1"; } # MEMBER
    held() { # none, or the system identifier and the timeline in this data directory
      [[ -e \(server.dataDirectory)/PG_VERSION ]] || { echo none; return; }
      \("\(server.binaries)/pg_controldata") -D \(server.dataDirectory) |
        awk -F ': +' '/^Database system identifier/ { system = $2 } /^Latest checkpoint.s TimeLineID/ { line = $2 } END { print system, line }'
    }
    """
  }

  /// `column WHO HEAD`: what Patroni knows of a member or of the one in a role; columns are found by their heads, since they differ by version.
  var membership: Shell {
    """
    rows() { patronictl -c \(PatroniFiles.configuration) list -f tsv; }
    column() { # MEMBER-OR-ROLE HEAD
      rows | awk -F '\\t' -v who="$1" -v head="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
        head in place && ($place["Member"] == who || $place["Role"] == who) { print $place[head] }'
    }
    """
  }

  var isMember: Shell {
    """
    is_member() { # this member runs, and there is a leader
      [[ -n $(column Leader Member) ]] || { echo "Patroni has no leader" >&2; return 1; }
      [[ $(column \(host.name) State) =~ ^(running|streaming)$ ]] || { echo "Patroni says of this member: $(column \(host.name) State)" >&2; return 1; }
    }
    """
  }

  private var judgement: Shell {
    let others = server.peers(of: host.id).map(\.name)
    return """
      judge() { # data of another cluster, or ahead of the leader, is nothing that Patroni may decide on
        local mine system leader_line
        mine=$(held)
        system=$(etcd_client get --print-value-only \("/service/\(scope)/initialize"))
        if [[ -n $system ]]; then
          [[ $mine == none || ${mine% *} == "$system" ]] ||
            fail "the data here (system identifier ${mine% *}) is not of the cluster $system; it stays untouched"
          leader_line=$(column Leader TL)
          [[ $mine == none || -z $leader_line || ${mine#* } -le $leader_line ]] ||
            fail "the data here is on timeline ${mine#* }, ahead of the leader on $leader_line; it stays untouched"
          return
        fi
        \(isFirst ? compareWithOthers(others) : "fail 'there is no cluster yet; the first member comes first'")
      }
      """
  }

  private func compareWithOthers(_ others: [String]) -> Shell {
    """
    local theirs name others=(\(others))
    for name in "${others[@]}"; do
      theirs=$(published "$name")
      [[ $theirs != none ]] || continue
      [[ $mine != none ]] || fail "$name holds a cluster, and this member none; nothing is made here"
      [[ ${theirs% *} == "${mine% *}" ]] || fail "$name holds the data of another cluster"
      [[ ${theirs#* } -le ${mine#* } ]] || fail "$name is on a later timeline; Patroni must be started there first"
    done
    """
  }

  private var apply: Shell {
    """
    install -d -o postgres -g postgres -m 755 \(parent(server.dataDirectory))
    \(Shell.install(files + tools))
    unit_active \(PatroniFiles.unit) || judge
    systemctl daemon-reload
    systemctl enable --quiet \(PatroniFiles.unit)
    if unit_active \(PatroniFiles.unit) && [[ \(PatroniFiles.readMark) -nt \(PatroniFiles.dropIn) ]]; then
      systemctl reload \(PatroniFiles.unit)
    elif unit_active \(PatroniFiles.unit); then
      systemctl restart \(PatroniFiles.unit) # Patroni alone; PostgreSQL goes on
    else
      systemctl start \(PatroniFiles.unit)
    fi
    wait_until 3600 'Patroni does not bring PostgreSQL up; look into journalctl -u patroni' is_member
    """
  }

  private func parent(_ path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) }
}
