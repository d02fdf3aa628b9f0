import Formats

extension DeployScript {
  /// What deploy.sh does to a host as a whole: lock, hand out the bundle, compare, wipe.
  static let hosts = Shell(
    raw: #"""
      # What runs on a host: these functions are sent as text.
      remote_guard() { # RUN: one run at a time; when the connection ends or is silent for a minute, the host is free and knows no secret any more
        local beats=0 tries=0 traces=(/run/maasc/secrets /run/maasc/bundle /run/maasc/run)
        [[ $(stat -f -c %T /run) == tmpfs ]] || { echo "/run is not on tmpfs: secrets would touch the disk" >&2; return 1; }
        install -d -m 700 /run/maasc /var/lib/maasc
        exec 9>/run/maasc/lock
        until flock -n 9; do # a run that was killed is noticed within a second or two
          tries=$((tries + 1))
          ((tries < 25)) || { echo "another run holds this host: $(cat /run/maasc/run)" >&2; return 1; }
          sleep 0.2
        done
        trap 'rm -rf /run/maasc/secrets /run/maasc/bundle /run/maasc/run' EXIT
        trap 'exit 1' HUP INT TERM PIPE
        rm -rf "${traces[@]}"
        echo "$1" >/run/maasc/run
        if [[ -d /run/systemd/system ]]; then # wipes also when this process is killed
          systemctl stop maasc-wipe.timer 2>/dev/null || true
          systemd-run --quiet --unit=maasc-wipe --on-active=20min rm -rf "${traces[@]}" 9>&-
        fi
        echo locked
        while read -r -t 60 _; do
          beats=$((beats + 1))
          if ((beats % 100 == 0)) && [[ -d /run/systemd/system ]]; then systemctl restart maasc-wipe.timer 9>&-; fi
        done
        if [[ -d /run/systemd/system ]]; then systemctl stop maasc-wipe.timer 2>/dev/null 9>&- || true; fi
      }

      remote() { # HOST FUNCTION ARGUMENT...
        on "$1" bash -c "set -euo pipefail; shopt -s inherit_errexit; export LC_ALL=C; $(declare -f accept remote_store "$2"); \"\$@\"" - "${@:2}"
      }
      guard() { # HOST: holds its lock for as long as this run lives, also if it is killed
        {
          while [[ -e $WORK/alive ]] && kill -0 "$$" 2>/dev/null; do
            # One that was killed and that nobody waits for seems to live. Asked seldom, because each host has such a loop.
            ((SECONDS % 10)) || [[ $(ps -o stat= -p "$$" 2>/dev/null) != Z* ]] || break
            echo
            sleep 1
          done
        } | remote "$1" remote_guard "$RUN" >"$WORK/guard/$1" 2>"$WORK/guard/$1.error" || true
        : >"$WORK/guard/$1.end"
      }
      look_for_folders() { # those that the chosen steps send, before any host is touched
        local host step FOLDER PLACE
        while read -r host step _; do
          sent_folder "$host/$step"
          [[ -z $FOLDER || -d $FOLDER ]] || fail "there is no folder $FOLDER here, which $host/$step needs; nothing was changed"
        done < <(printf '%s\n' "${PLAN[@]}")
      }
      send_folder() { # HOST STEP
        local FOLDER PLACE
        sent_folder "$1/$2"
        [[ -z $FOLDER ]] || tar -C "$FOLDER" -cf - . | remote "$1" remote_receive "$PLACE" || { echo "the folder $FOLDER did not get to $1" >&2; return 1; }
      }
      open_host() { # HOST: locks it, hands out its part of the bundle, and looks at what it has
        guard "$1" &
        until grep -qx locked "$WORK/guard/$1" 2>/dev/null; do
          [[ ! -e $WORK/guard/$1.end ]] || { cat "$WORK/guard/$1.error" >&2; return 1; }
          sleep 0.1
        done
        remote "$1" remote_history >"$WORK/history/$1" </dev/null || return 1
        tar -C "$BUNDLE/hosts/$1" -cf - . | remote "$1" remote_receive "$REMOTE" || return 1
        remote "$1" remote_drift "$REMOTE" >"$WORK/drift/$1" </dev/null || return 1
        send_secrets "$1" "$(own_secrets "$1")" first || return 1
      }
      open_hosts() { # all that the chosen steps need, before anything is changed on any of them
        local host pids=() broken=''
        mkdir -p "$WORK"/{guard,history,drift,opened,sent,done}
        : >"$WORK/alive"
        for host in "${HOSTS[@]}"; do
          [[ -n ${USED[$host]-} ]] || continue
          state "connecting to $host"
          room "${pids[@]}"
          { open_host "$host" 2>"$WORK/opened/$host.error" && : >"$WORK/opened/$host"; } &
          pids+=("$!")
        done
        for host in "${pids[@]}"; do wait "$host" || true; done
        for host in "${HOSTS[@]}"; do
          if [[ -z ${USED[$host]-} ]] || { [[ -e $WORK/opened/$host ]] && admit "$host"; }; then continue; fi
          broken=1
          show "$host: $(head -n 100 "$WORK/opened/$host.error")"
          event refused host "$host" reason "$(tail -n 5 "$WORK/opened/$host.error")"
        done
        [[ -z $broken ]] || fail "nothing was changed"
      }
      room() { # PID...: waits until fewer than PARALLEL of them are at work
        local pid busy
        while :; do
          busy=0
          for pid; do if kill -0 "$pid" 2>/dev/null; then busy=$((busy + 1)); fi; done
          ((busy >= PARALLEL)) || return 0
          sleep 0.1
        done
      }
      admit() { # HOST: why this bundle may not go there, or nothing
        local digest commit reason=''
        if [[ -s $WORK/drift/$1 && -z $OVERWRITE && -z $DRY ]]; then
          reason="these files were changed on the host; take the changes into the topology, or give --overwrite"$'\n'"$(<"$WORK/drift/$1")"
        fi
        read -r digest commit < <(tail -n 1 "$WORK/history/$1") || true
        if [[ -n ${digest-} && $digest != "$DIGEST" && -z $OLDER ]]; then
          if grep -q "^$DIGEST " "$WORK/history/$1" || { [[ $COMMIT != - && $COMMIT != "$commit" ]] && git -C "$BUNDLE" merge-base --is-ancestor "$COMMIT" "$commit" 2>/dev/null; }; then
            reason="a newer bundle than this was deployed there; give --allow-older if going back is meant"
          fi
        fi
        [[ -z $reason ]] || { printf '%s\n' "$reason" >>"$WORK/opened/$1.error"; return 1; }
      }
      close_hosts() { # ends every guard, which wipes the secrets, and waits for that
        local host deadline=$((SECONDS + 15))
        rm -f "$WORK/alive"
        for host in "$WORK"/guard/*.error; do
          [[ -e $host ]] || continue
          host=${host%.error}
          until [[ -e $host.end ]] || ((SECONDS > deadline)); do sleep 0.1; done
          [[ -e $host.end ]] || show "${host##*/}: not reached to wipe its secrets; it does so itself within a minute"
        done
      }
      """#)
}
