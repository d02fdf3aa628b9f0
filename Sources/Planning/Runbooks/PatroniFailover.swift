import Formats
import Topology

/// `failover-postgresql.sh` where Patroni decides: it is asked, never bypassed.
struct PatroniFailover {
  let server: DatabaseServer
  let scope: String

  var runbook: Runbook {
    Runbook(
      name: "failover-postgresql", title: "Change the primary of PostgreSQL by Patroni",
      about: [
        "status              what Patroni knows", "planned TARGET      a switch-over, some seconds without writes, nothing lost",
        "lost TARGET         the primary is gone and Patroni found nobody to take over; Patroni fences it by its lock",
        "rejoin HOST         an old primary comes back as a standby; Patroni rewinds it, or with its data unusable copies it anew",
      ],
      body: """
        MEMBERS=(\(server.members.map(\.name)))
        SCOPE=\(scope)
        ctl() { # asks through the first member that answers
          local member
          for member in "${MEMBERS[@]}"; do
            if on "$member" true 2>/dev/null; then on "$member" patronictl -c \(PatroniFiles.configuration) "$@"; return; fi
          done
          fail "no member can be reached"
        }
        need_member() { [[ " ${MEMBERS[*]} " == *" $1 "* ]] || fail "$1 is no member: ${MEMBERS[*]}"; }
        planned() {
          confirm "MAAS cannot write for some seconds while $1 takes over." "$1"
          ctl switchover --candidate "$1" --force "$SCOPE"
        }
        lost() {
          confirm "$1 becomes the primary. Writes that it has not received are lost." "$1"
          ctl failover --candidate "$1" --force "$SCOPE"
        }
        rejoin() {
          on "$1" systemctl start \(PatroniFiles.unit)
          local deadline=$((SECONDS + 60))
          until ctl list -f tsv "$SCOPE" | awk -F '\\t' -v who="$1" '$2 == who && $5 ~ /^(running|streaming)$/ { found = 1 } END { exit !found }'; do
            if ((SECONDS >= deadline)); then
              confirm "Patroni does not bring $1 back by itself. Its data is thrown away and copied from the leader." "$1"
              ctl reinit --force --wait "$SCOPE" "$1"
              break
            fi
            sleep 2
          done
        }
        case ${1-} in
          status) ;;
          planned | lost | rejoin)
            [[ $# == 2 ]] || fail "usage: $0 $1 HOST"
            need_member "$2"
            "$1" "$2"
            ;;
          *) fail "usage: $0 status | planned TARGET | lost TARGET | rejoin HOST" ;;
        esac
        ctl list "$SCOPE"
        """)
  }
}
