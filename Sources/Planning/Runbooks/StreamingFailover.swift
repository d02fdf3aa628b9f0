import Formats
import NetworkTypes
import Topology

/// `failover-postgresql.sh` for streaming replication.
struct StreamingFailover {
  let server: DatabaseServer
  let isSynchronous: Bool

  var runbook: Runbook {
    Runbook(
      name: "failover-postgresql", title: "Change the primary of PostgreSQL",
      about: [
        "status              what each member holds",
        "planned TARGET      a switch to a standby, some seconds without writes, nothing lost; the old primary becomes a standby",
        "lost TARGET         the primary is gone: it is fenced (stopped and masked, or your word that it is off) before TARGET is promoted;",
        "                    the other standbys then find TARGET by themselves, by primary_conninfo and the slots that it has for them",
        "rejoin HOST         an old primary, or a standby that does not find its way, comes back by pg_rewind; what only it had is lost",
        "Interrupted at any point: run status, then lost TARGET (if no member is primary) and rejoin HOST (for the other).",
        "Point of no return: the promotion. From then on the old primary's own last writes can only be thrown away.",
      ],
      body: .lines([operatorFunctions, planned, lost, fence, loss, promote, follow, rejoin, Self.main]))
  }

  private var operatorFunctions: Shell {
    server.operatorShell + """
      DATA=\(server.dataDirectory)
      BIN=\(server.binaries)
      UNIT=\(server.unit)
      role() { on "$1" /usr/bin/python3 -I \(PostgreSQLRoleTool.path) state; } # HOST: server, role, timeline, system identifier
      settled() { # HOST: its role; a standby that is busy for a moment does not answer at once
        local state
        for _ in 1 2 3 4 5 6 7 8; do
          state=$(role "$1" 2>/dev/null) || break
          [[ $state == 'unknown standby '* ]] || break
          sleep 0.5
        done
        echo "$state"
      }
      show() {
        local member
        for member in "${MEMBERS[@]}"; do printf '%-24s %s\\n' "$member" "$(role "$member" 2>/dev/null || echo 'cannot be reached')"; done
      }
      await() { # SECONDS TEXT CMD...
        local deadline=$((SECONDS + $1)) text=$2
        shift 2
        until "$@"; do
          ((SECONDS < deadline)) || fail "$text"
          sleep 0.2
        done
      }
      need_standby() { # HOST
        [[ " ${MEMBERS[*]} " == *" $1 "* ]] || fail "$1 is no member: ${MEMBERS[*]}"
        [[ $(settled "$1") == 'running standby '* ]] || fail "$1 is no running standby"
      }
      # A standby that started after its primary was gone has received nothing; what it replayed counts then.
      received() { sql "$1" 'select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())'; }
      timeline() { role "$1" 2>/dev/null | cut -d ' ' -f 3; }
      # A standby that parted from the primary connects again and again, and for moments seems to stream: but it stays on its old timeline.
      follows() { is_streaming "$1" "$2" && [[ $(timeline "$2") == "$(timeline "$1")" ]]; } # PRIMARY STANDBY
      """
  }

  private var planned: Shell {
    """
    planned() { # TARGET
      local old end
      old=$(find_primary) || fail "no member is primary; use: lost $1"
      [[ $old != "$1" ]] || fail "$1 is the primary already"
      need_standby "$1"
      follows "$old" "$1" || fail "$1 does not stream from $old"
      confirm "MAAS cannot write for some seconds while $1 takes over from $old." "$1"
      sql "$old" checkpoint >/dev/null
      # From here the old primary can only start as a standby.
      as_postgres "$old" touch "$DATA/standby.signal"
      on "$old" systemctl stop "$UNIT"
      end=$(as_postgres "$old" "$BIN/pg_controldata" -D "$DATA" | awk '/^Latest checkpoint location/ { print $NF }')
      if ! (await 10 "$1 did not receive all of $old" has_all "$1" "$end"); then
        as_postgres "$old" rm "$DATA/standby.signal"
        on "$old" systemctl start "$UNIT"
        fail "$1 did not receive everything; $old is the primary as before"
      fi
      promote "$1"
      on "$old" systemctl start "$UNIT"
      await 60 "$old does not stream from $1 yet; look into its /var/log/postgresql" is_streaming "$1" "$old"
      say "$1 is the primary, $old its standby; nothing was lost"
      follow "$1"
    }
    has_all() { [[ $(sql "$1" "select pg_last_wal_receive_lsn() > '$2'") == t ]]; }
    is_streaming() { [[ $(sql "$1" "select count(*) from pg_stat_replication where application_name = '$2' and state = 'streaming'") == 1 ]]; }
    """
  }

  private var lost: Shell {
    """
    lost() { # TARGET
      local old member lsn own known
      if old=$(find_primary); then fail "$old is the primary and answers; use: planned $1"; fi
      # Asked once: who waits for a host without power waits long each time.
      local -A states=()
      for member in "${MEMBERS[@]}"; do states[$member]=$(settled "$member"); done
      need_standby "$1"
      for member in "${MEMBERS[@]}"; do
        # Fenced like the old primary, it would take with it what it alone has received.
        [[ ${states[$member]} != 'unknown standby '* ]] ||
          fail "$member is a standby that does not answer, and may have received more than $1; run this again when it does, or stop PostgreSQL there"
      done
      lsn=$(received "$1")
      own=$(sql "$1" "select coalesce(max(('x' || left(name, 8))::bit(32)::int), 0) from pg_ls_waldir() where length(name) = 24 and name !~ '[^0-9A-F]'")
      for member in "${MEMBERS[@]}"; do
        read -r _ _ known _ <<<"${states[$member]}"
        # Both would call their own writes by the same timeline, and neither could ever be rewound to the other.
        ((${known:-0} <= own)) ||
          fail "$1 never followed $member to timeline $known, and lacks all since then; start PostgreSQL on $member, or restore a backup"
      done
      for member in "${MEMBERS[@]}"; do
        [[ $member != "$1" && ${states[$member]} == 'running standby '* ]] || continue
        [[ $(sql "$1" "select '$lsn'::pg_lsn >= '$(received "$member")'") == t ]] || fail "$member has received more than $1; promote that one"
      done
      FENCED=()
      for member in "${MEMBERS[@]}"; do
        [[ $member == "$1" || ${states[$member]} == 'running standby '* ]] || fence "$member"
      done
      loss "$1"
      confirm "$1 becomes the primary. What only ${FENCED[*]:-the old primary} had can then no longer come back." "$1"
      promote "$1"
      for member in "${FENCED[@]}"; do say "when $member is well again: $0 rejoin $member"; done
      follow "$1"
    }
    """
  }

  private var fence: Shell {
    """
    fence() { # HOST: after this it cannot become a second primary
      if on "$1" true 2>/dev/null; then
        on "$1" systemctl mask --quiet "$UNIT"
        # One that hangs would be waited for as long as the unit allows, which is an hour.
        on "$1" timeout 20 systemctl stop "$UNIT" || on "$1" systemctl kill --signal=KILL "$UNIT" || true
        as_postgres "$1" "$BIN/pg_ctl" stop -D "$DATA" -m immediate >/dev/null 2>&1 || true
        if as_postgres "$1" "$BIN/pg_ctl" status -D "$DATA" >/dev/null 2>&1; then fail "PostgreSQL on $1 does not stop; nothing was promoted"; fi
        say "$1 is fenced: PostgreSQL is stopped and masked"
      else
        confirm "$1 cannot be reached. Switch it off (power, not only network), and make sure that it stays off." "$1 is off"
      fi
      FENCED+=("$1")
    }
    """
  }

  private var promote: Shell {
    """
    promote() { # HOST
      as_postgres "$1" "$BIN/pg_ctl" promote -D "$DATA" -w -t 60 >/dev/null
      await 30 "$1 is promoted, but HAProxy would not be told so" serves "$1"
      say "$1 is the primary"
    }
    serves() { is_primary "$1" && on "$1" /usr/bin/python3 -I \(PostgreSQLRoleTool.path) serves; }
    """
  }

  /// Standbys notice within seconds that their old primary is gone, and ask each member in turn for one that accepts writes.
  private var follow: Shell {
    """
    follow() { # PRIMARY: waits until every other running standby streams from it
      local member lost=()
      for member in "${MEMBERS[@]}"; do
        [[ $member != "$1" && $(role "$member" 2>/dev/null) == 'running standby '* ]] || continue
        (await 60 "$member does not stream from $1" follows "$1" "$member") || lost+=("$member")
      done
      ((${#lost[@]} == 0)) || fail "$1 is the primary; for each of ${lost[*]}: $0 rejoin HOST"
    }
    """
  }

  private var rejoin: Shell {
    """
    rejoin() { # HOST
      local host=$1 primary address state kind timeline system primary_timeline primary_system
      [[ " ${MEMBERS[*]} " == *" $host "* ]] || fail "$host is no member: ${MEMBERS[*]}"
      primary=$(find_primary) || fail "no member is primary"
      [[ $primary != "$host" ]] || fail "$host is the primary"
      read -r state kind timeline system <<<"$(role "$host")"
      read -r _ _ primary_timeline primary_system <<<"$(role "$primary")"
      [[ $system == "$primary_system" ]] || fail "$host holds another cluster; its data stays untouched"
      ((timeline <= primary_timeline)) || fail "$host is on timeline $timeline, ahead of $primary; its data stays untouched"
      if [[ $state != stopped && $kind == standby ]] && ! (await 20 "$host does not find its way to $primary" follows "$primary" "$host"); then
        # It may have followed the old primary past the place where the new one took over.
        on "$host" systemctl stop "$UNIT"
        state=stopped kind=parted
      fi
      if [[ $state == stopped && $kind != standby ]]; then
        confirm "The data of $host goes back to where it parted from $primary; what only $host had is lost." "$host"
        case $primary in
          \(Shell.lines(server.members.map { "\($0.name)) address=\($0.address.description) ;;" }))
        esac
        rewind "$host" "$address"
      fi
      # The slot that the standby asks for; a member that was copied a moment ago has none for others yet.
      make_slots "$primary"
      on "$host" systemctl unmask --quiet "$UNIT"
      on "$host" systemctl reset-failed "$UNIT" \(DatabaseServer.bootUnit) 2>/dev/null || true
      on "$host" systemctl start "$UNIT"
      # Something to receive on the primary's timeline.
      sql "$primary" checkpoint >/dev/null
      await 60 "$host does not stream; look into its /var/log/postgresql, then run this again" follows "$primary" "$host"
      # Its own slots still hold WAL from the time when it was primary.
      sql "$host" "select pg_drop_replication_slot(slot_name) from pg_replication_slots where starts_with(slot_name, 'maasc_') and not active" >/dev/null
      make_slots "$host"
      say "$host is a standby of $primary"
    }
    make_slots() { # HOST: one for each other member
      sql "$1" "select pg_create_physical_replication_slot(s) from unnest('{\(raw: server.members.map(\.slot).joined(separator: ","))}'::text[]) s
        where s <> current_setting('primary_slot_name') and s not in (select slot_name from pg_replication_slots)" >/dev/null
    }
    rewind() { # HOST ADDRESS-OF-PRIMARY
      local host=$1
      # A server that was killed must first replay its own log, which pg_rewind cannot start with Debian's places of configuration.
      if ! as_postgres "$host" "$BIN/pg_controldata" -D "$DATA" | grep -qE '^Database cluster state: *shut down( in recovery)?$'; then
        as_postgres "$host" "$BIN/postgres" --single -F -D "$DATA" -c config_file=\(server.configuration)/postgresql.conf template1 </dev/null >/dev/null
      fi
      # Before PostgreSQL 16 pg_rewind takes the timeline from the last checkpoint, which after a promotion may be minutes old, and would find nothing to do.
      sql "$primary" checkpoint >/dev/null
      as_postgres "$host" "$BIN/pg_rewind" -D "$DATA" \\
        --source-server="host=$2 port=\(server.port) dbname=postgres user="\(ConnectionString.quote(server.replicationUser))" passfile="\(DatabaseServer.passfile) ||
        fail "pg_rewind does not find a way back; copy it anew: move its data away, unmask $UNIT there, then deploy.sh --host $host --only database"
      as_postgres "$host" touch "$DATA/standby.signal"
    }
    """
  }

  private static let main: Shell = """
    case ${1-} in
      status) show ;;
      planned | lost | rejoin)
        [[ $# == 2 ]] || fail "usage: $0 $1 HOST"
        "$1" "$2"
        show
        ;;
      *) fail "usage: $0 status | planned TARGET | lost TARGET | rejoin HOST" ;;
    esac
    """
}
