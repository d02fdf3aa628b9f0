import Formats

extension DeployScript {
  /// The command line of deploy.sh, and which steps it chooses.
  static let options = Shell(
    raw: #"""
      usage() {
        cat <<'END'
      Deploys this bundle: every step in its order, several hosts at a time. Run it again at any time: what is done is left alone.

      runbook/deploy.sh [options]
        --dry-run        shows what would change, changes nothing
        --from STEP      begins there
        --to STEP        ends there
        --only STEP      that one (may be given several times)
        --host HOST      only on that host (may be given several times)
        --parallel N     hosts at a time, default 8
        --allow-older    deploys although a host has had a newer bundle
        --overwrite      deploys although files were changed on a host; each old file stays as FILE.prev

      STEP is a step (HOST/PHASE-NAME), a step of every host that has it (PHASE-NAME) or a phase (PHASE).
      MAASC_SSH names another ssh, or adds options to it; MAASC_LOG is the folder for logs;
      MAASC_SETTLE is for how many seconds verify.sh may still find differences at the end, default 60.
      Ends with 0: deployed, and verify.sh finds no difference; 1: stopped or different, the reason is above; 64: wrong usage.
      END
      }

      DRY='' FROM='' TO='' ONLY=() CHOSEN=() PARALLEL=8 OLDER='' OVERWRITE=''
      while (($#)); do
        case $1 in
          --from | --to | --only | --host | --parallel) (($# > 1)) || { echo "$1 wants a value" >&2; exit 64; } ;;
        esac
        case $1 in
          --dry-run) DRY=1 ;;
          --from) FROM=$2; shift ;;
          --to) TO=$2; shift ;;
          --only) ONLY+=("$2"); shift ;;
          --host) target "$2"; CHOSEN+=("$2"); shift ;;
          --parallel) PARALLEL=$2; shift ;;
          --allow-older) OLDER=1 ;;
          --overwrite) OVERWRITE=1 ;;
          -h | --help) usage; exit 0 ;;
          *) echo "unknown option $1; see --help" >&2; exit 64 ;;
        esac
        shift
      done
      [[ $PARALLEL =~ ^[1-9][0-9]?[0-9]?$ ]] || { echo "--parallel wants a number from 1 to 999, not $PARALLEL" >&2; exit 64; }

      matches() { [[ "$1/$2" == "$3" || $2 == "$3" || $2 == "$3"-* ]]; } # HOST STEP WORD
      wanted() { # HOST STEP: true if the options ask for it
        local word
        if ((${#CHOSEN[@]})) && ! printf '%s\n' "${CHOSEN[@]}" | grep -qxF -e "$1"; then return 1; fi
        ((${#ONLY[@]})) || return 0
        for word in "${ONLY[@]}"; do if matches "$1" "$2" "$word"; then return 0; fi; done
        return 1
      }
      select_steps() { # fills PLAN with the lines of `steps`, an empty element between waves
        local host step secrets begun='' last=0 word all=()
        [[ -n $FROM ]] || begun=1
        mapfile -t all < <(steps)
        for word in "${!all[@]}"; do
          read -r host step _ <<<"${all[word]}"
          if [[ -n $TO && -n $step ]] && matches "$host" "$step" "$TO"; then last=$((word + 1)); fi
        done
        if [[ -n $TO ]]; then ((last)) || fail "--to $TO: there is no such step"; all=("${all[@]:0:last}"); fi
        for word in "${all[@]}"; do
          read -r host step _ secrets _ <<<"$word"
          if [[ -z $step ]]; then PLAN+=(''); continue; fi
          if [[ -z $begun ]] && matches "$host" "$step" "$FROM"; then begun=1; fi
          if [[ -n $begun ]] && wanted "$host" "$step"; then
            PLAN+=("$word") TOTAL=$((TOTAL + 1)) USED[$host]=1
            use_exporters "$secrets"
          fi
        done
        ((TOTAL)) || fail "no step of this bundle is meant by these options; runbook/steps.json lists them"
      }
      use_exporters() { # A,B: the hosts that hand out carried values take part too
        local name READER CHARSET COMMAND
        for name in $(names "$1"); do
          secret_source "$name"
          [[ $READER != carried ]] || USED[${COMMAND[0]}]=1
        done
      }
      """#)
}
