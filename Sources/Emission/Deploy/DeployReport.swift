import Formats

extension DeployScript {
  /// What deploy.sh says to people and writes for machines.
  static let report = Shell(
    raw: #"""
      clock() { printf '%02d:%02d:%02d' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60)); }
      show() { # TEXT...: a line of progress, above the line of state that a terminal has
        [[ ! -t 1 ]] || printf '\r\033[K'
        printf '%s  %s\n' "$(clock "$SECONDS")" "$*"
      }
      state() { [[ ! -t 1 ]] || printf '\r\033[K%.*s' "$((${COLUMNS:-$(tput cols 2>/dev/null || echo 80)} - 1))" "$(clock "$SECONDS")  $*"; } # TEXT...
      json() { # TEXT: as a JSON value
        local text=$1
        if [[ $text =~ ^(0|[1-9][0-9]{0,8})$ ]]; then printf '%s' "$text"; return; fi
        text=${text//\\/\\\\} text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//$'\t'/\\t}
        printf '"%s"' "${text//[[:cntrl:]]/ }"
      }
      event() { # NAME [KEY VALUE]...: a line of the machine-readable log
        local line
        line=$(TZ=UTC0 printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","event":"%s"' -1 "$1")
        shift
        while (($#)); do
          line+=",\"$1\":$(json "$2")"
          shift 2
        done
        printf '%s}\n' "$line" >>"$LOG/run.jsonl"
      }
      title() { sed -n '2s/^# //p' "$BUNDLE/hosts/$1/steps/$2.sh"; } # HOST STEP
      redact() { # standard input without the value of any secret
        local line value
        while IFS= read -r line || [[ -n $line ]]; do
          for value in "${VALUE[@]}"; do line=${line//"$value"/***}; done
          printf '%s\n' "$line"
        done
      }
      summary() { # STATUS
        local outcome word=stopped
        if [[ $1 == 0 ]]; then word=finished; elif [[ -e $WORK/verify ]]; then word="finished, but with differences"; fi
        show "$word: ${COUNT[applied]} applied, ${COUNT[unchanged]} unchanged, ${COUNT[needed]} would change, ${COUNT[failed]} failed," \
          "$((TOTAL - COUNT[applied] - COUNT[unchanged] - COUNT[needed] - COUNT[failed])) not reached"
        if grep -qs '^[1-9]' "$WORK/times"; then
          say "          the longest:"
          grep -v '^0 ' "$WORK/times" | sort -rn | head -n 5 | while read -r outcome; do say "          $(clock "${outcome%% *}")  ${outcome#* }"; done
        fi
        say "          log: $LOG"
        event end status "$1" applied "${COUNT[applied]}" unchanged "${COUNT[unchanged]}" needed "${COUNT[needed]}" failed "${COUNT[failed]}" seconds "$SECONDS"
      }
      """#)
}
