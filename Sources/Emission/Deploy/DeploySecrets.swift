import Formats

extension DeployScript {
  /// How secrets get from where they are to the tmpfs folder of a host: never an argument of a program, never exported, never on disk.
  static let secrets = Shell(
    raw: #"""
      declare -A VALUE=() # name -> value; never exported, never an argument of a program
      names() { if [[ $1 != - ]]; then tr , '\n' <<<"$1"; fi; } # A,B: one on each line
      resolve_declared() { # asks for every secret of the operator's machine that the chosen steps need, before any host is touched
        local name READER CHARSET COMMAND failed=''
        for name in $(printf '%s\n' "${PLAN[@]}" | awk 'NF { print $4 }' | tr , '\n' | sort -u); do
          [[ $name != - ]] || continue
          secret_source "$name"
          [[ $READER == operator ]] || continue
          VALUE[$name]=$("${COMMAND[@]}" </dev/null | accept "$name" "$CHARSET") || { failed=1; echo "the secret $name could not be read: ${COMMAND[0]}" >&2; }
        done
        [[ -z $failed ]] || fail "nothing was changed"
      }
      fetch_carried() { # A,B: values that a step on another host exports, once the steps before it are done
        local name READER CHARSET COMMAND
        for name in $(names "$1"); do
          secret_source "$name"
          if [[ $READER != carried || -n ${VALUE[$name]-} ]]; then continue; fi
          VALUE[$name]=$(remote "${COMMAND[0]}" remote_step export "${COMMAND[1]}" 120 "$RUN" "$REMOTE" </dev/null | accept "$name" "$CHARSET") || {
            unset "VALUE[$name]"
            [[ -n $DRY ]] || { echo "${COMMAND[0]} does not hand out $name yet" >&2; return 1; }
          }
        done
      }
      own_secrets() { # HOST: what its chosen steps use, as A,B
        printf '%s\n' "${PLAN[@]}" | awk -v host="$1" '$1 == host && $4 != "-" { print $4 }' | tr , '\n' | sort -u | paste -sd , -
      }
      send_secrets() { # HOST A,B WHEN: first for those of the host itself, early, or late for those that are good for one use
        local name READER CHARSET COMMAND
        for name in $(names "$2"); do
          secret_source "$name"
          [[ ! -e $WORK/sent/$1/$name ]] || continue
          case $READER.$3 in
            operator.early | carried.early) [[ -n ${VALUE[$name]-} ]] || continue; printf '%s' "${VALUE[$name]}" | remote "$1" remote_store "$name" ;;
            each-operator.late) MAASC_HOST=$1 "${COMMAND[@]}" </dev/null | accept "$name" "$CHARSET" | remote "$1" remote_store "$name" ;;
            host.first | host.early | each-host.late) remote "$1" remote_read "$name" "$CHARSET" "${COMMAND[@]}" </dev/null ;;
            *) continue ;;
          esac || { echo "the secret $name did not get to $1" >&2; return 1; }
          mkdir -p "$WORK/sent/$1"
          : >"$WORK/sent/$1/$name"
        done
      }
      """#)
}
