import Formats

extension DeployScript {
  /// How deploy.sh runs a step, and a wave of steps.
  static let run = Shell(
    raw: #"""
      run_step() { # HOST STEP SECONDS SECRETS LOGIN: puts its outcome into OUTCOME; 0 unless it failed
        local status=0 FRESH=$5
        OUTCOME=failed
        send_secrets "$1" "$4" early || return 1
        step check "$1" "$2" "$3" || status=$?
        if [[ -n $DRY ]]; then
          case $status in
            0) OUTCOME=unchanged; return 0 ;;
            10) OUTCOME=needed; step plan "$1" "$2" "$3" || (($? == 10)); return ;;
            *) return 1 ;;
          esac
        fi
        case $status in
          0) OUTCOME=unchanged ;;
          10)
            caution "$1" "$2" >&3
            send_secrets "$1" "$4" late || return 1
            send_folder "$1" "$2" || return 1
            step apply "$1" "$2" "$3" || return 1
            OUTCOME=applied
            ;;
          *) return 1 ;;
        esac
        step verify "$1" "$2" "$3" || { OUTCOME=failed; return 1; }
      }
      step() { # VERB HOST STEP SECONDS
        local status=0
        echo "--- $1"
        remote "$2" remote_step "$1" "$3" "$4" "$RUN" "$REMOTE" </dev/null || status=$?
        case $status in
          75) echo "a step of an earlier run is still at work on this host" >&2 ;;
          124 | 137) echo "$1 did not end within $4 seconds" >&2 ;;
          255) echo "the connection to $2 broke" >&2 ;;
        esac
        return "$status"
      }
      job() { # HOST STEP SECONDS SECRETS LOGIN: in the background; leaves "OUTCOME SECONDS" in $WORK/done
        local began=$SECONDS
        mkdir -p "$LOG/$1"
        { run_step "$@" 2>&1 || true; echo "$OUTCOME" >"$WORK/done/$1.$2.outcome"; } | redact >"$LOG/$1/$2.log"
        echo "$(<"$WORK/done/$1.$2.outcome") $((SECONDS - began))" >"$WORK/done/$1.$2.new"
        mv "$WORK/done/$1.$2.new" "$WORK/done/$1.$2"
      }
      finished() { # HOST STEP: counts and reports it
        local outcome seconds
        read -r outcome seconds <"$WORK/done/$1.$2"
        COUNT[$outcome]=$((COUNT[$outcome] + 1))
        echo "$seconds $1/$2" >>"$WORK/times"
        event step host "$1" step "$2" outcome "$outcome" seconds "$seconds" wave "$WAVE"
        show "$(printf '%-10s' "$outcome")$1/$2  ($seconds s)  $(title "$1" "$2")"
        case $outcome in
          failed) explain_failure "$1" "$2" ;;
          needed) sed -n '/^--- plan/,$p' "$LOG/$1/$2.log" | sed '1d; s/^/            /' ;;
        esac
      }
      explain_failure() { # HOST STEP
        local script="/var/lib/maasc/bundle/steps/$2.sh" log="$LOG/$1/$2.log"
        FAILED=1
        say "          step:     $1/$2"
        say "          reason:   $(awk '/^---/ { text = ""; next } NF { text = text (text == "" ? "" : "\n                    ") $0 } END { print text }' "$log" | tail -n 6)"
        say "          log:      $log"
        if grep -q '^  rollback)' "$BUNDLE/hosts/$1/steps/$2.sh"; then
          say "          rollback: on $1, as root: bash $script rollback"
        else
          say "          rollback: $(sed -n 's/^# Back: *//p' "$BUNDLE/hosts/$1/steps/$2.sh")"
        fi
        say "          go on:    run deploy.sh again; what is done is left alone"
      }
      wait_for_some() { # HOST/STEP...: sets BUSY to those still at work, after reporting those that ended
        local name left=()
        for name; do
          if [[ -e $WORK/done/${name%%/*}.${name#*/} ]]; then finished "${name%%/*}" "${name#*/}"; else left+=("$name"); fi
        done
        BUSY=("${left[@]}")
        ((${#BUSY[@]})) || return 0
        if [[ -t 1 ]]; then state "wave $WAVE of $WAVES: ${#BUSY[@]} at work: $(waiting "${BUSY[0]}")"; fi
        if ((SECONDS >= NEXT)); then
          NEXT=$((SECONDS + 60))
          [[ -t 1 ]] || for name in "${BUSY[@]}"; do show "waiting   $(waiting "$name")"; done
        fi
        sleep 0.2
      }
      waiting() { # HOST/STEP: it, and the last line that it said
        local line
        line=$(tail -n 1 "$LOG/$1.log" 2>/dev/null || true)
        echo "$1${line:+: $line}"
      }
      run_wave() { # "HOST STEP SECONDS SECRETS LOGIN"...
        local line host step seconds secrets login
        WAVE=$((WAVE + 1)) BUSY=() NEXT=$((SECONDS + 60))
        show "wave $WAVE of $WAVES, steps: $#"
        for line; do
          read -r host step seconds secrets login <<<"$line"
          while ((${#BUSY[@]} >= PARALLEL)); do wait_for_some "${BUSY[@]}"; done
          [[ -z $FAILED ]] || break
          fetch_carried "$secrets" || { FAILED=1; break; }
          event begin host "$host" step "$step" wave "$WAVE"
          job "$host" "$step" "$seconds" "$secrets" "$login" &
          BUSY+=("$host/$step")
        done
        while ((${#BUSY[@]})); do wait_for_some "${BUSY[@]}"; done
      }
      caution() { # HOST STEP
        local text
        text=$(sed -n 's/^# Caution: //p' "$BUNDLE/hosts/$1/steps/$2.sh")
        [[ -z $text ]] || show "caution   $1/$2: $text"
      }
      run_waves() {
        local line wave=() waves=0
        for line in "${PLAN[@]}" ''; do
          if [[ -n $line ]]; then wave+=("$line"); elif ((${#wave[@]})); then waves=$((waves + 1)) wave=(); fi
        done
        WAVES=$waves
        for line in "${PLAN[@]}" ''; do
          if [[ -n $line ]]; then wave+=("$line"); continue; fi
          ((${#wave[@]})) || continue
          run_wave "${wave[@]}"
          wave=()
          [[ -z $FAILED ]] || return 0
        done
      }
      verify_host() { # HOST: asked again for a while, since standbys and peers find each other some seconds after the last step
        local deadline=$((SECONDS + ${MAASC_SETTLE:-60}))
        until remote "$1" remote_verify "$REMOTE" </dev/null 2>&1 | redact >"$WORK/verify/$1"; do
          ((SECONDS < deadline)) || return 0
          sleep 5
        done
        : >"$WORK/verify/$1.same"
      }
      verify_hosts() { # a deployment is done when verify.sh finds no difference on any host
        local host pids=()
        [[ -z $FAILED$DRY$FROM$TO && ${#ONLY[@]} == 0 && ${#CHOSEN[@]} == 0 ]] || return 0
        mkdir -p "$WORK/verify"
        for host in "${HOSTS[@]}"; do
          [[ -n ${USED[$host]-} ]] || continue
          room "${pids[@]}"
          verify_host "$host" &
          pids+=("$!")
        done
        wait "${pids[@]}"
        for host in "${HOSTS[@]}"; do
          [[ -n ${USED[$host]-} ]] || continue
          show "verify    $(tail -n 1 "$WORK/verify/$host")"
          sed '$d; s/^/            /' "$WORK/verify/$host"
          event verify host "$host" result "$(tail -n 1 "$WORK/verify/$host")"
          [[ -e $WORK/verify/$host.same ]] || { FAILED=1; say "          again:    on $host, as root: bash $REMOTE/verify.sh"; }
        done
      }
      """#)
}
