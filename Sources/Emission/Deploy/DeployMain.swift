import Formats

extension DeployScript {
  /// deploy.sh from beginning to end.
  static let main = Shell(
    raw: #"""
      finish() {
        local status=$?
        trap - EXIT
        close_hosts
        if [[ -n $STARTED ]]; then summary "$status"; fi
        rm -rf "$WORK"
        exit "$status"
      }

      [[ ${BASH_VERSINFO[0]} -ge 5 || (${BASH_VERSINFO[0]} == 4 && ${BASH_VERSINFO[1]} -ge 4) ]] || fail "this needs bash 4.4 or newer"
      BUNDLE=$(cd "$(dirname "$0")/.." && pwd)
      (cd "$BUNDLE" && sha256sum --check --quiet --strict SHA256SUMS) || fail "the bundle is not as it was compiled; compile it again"
      DIGEST=$(sha256sum <"$BUNDLE/SHA256SUMS")
      DIGEST=${DIGEST%% *}
      COMMIT=$(git -C "$BUNDLE" rev-parse --verify --quiet HEAD 2>/dev/null || echo -)
      REMOTE=/var/lib/maasc/bundle
      [[ -z $DRY ]] || REMOTE=/run/maasc/bundle
      declare -A USED=() COUNT=([applied]=0 [unchanged]=0 [needed]=0 [failed]=0)
      PLAN=() TOTAL=0 FAILED='' STARTED='' WAVE=0 WAVES=0 BUSY=() NEXT=0 OUTCOME=''
      RUN="${USER:-$(id -un)}@$(uname -n).$$"
      exec 3>&1
      select_steps
      look_for_folders
      resolve_declared
      trap finish EXIT
      trap 'echo; echo "interrupted: what is at work on the hosts ends there; run again to go on" >&2; exit 130' INT
      trap 'exit 143' TERM HUP
      LOG=${MAASC_LOG:-${XDG_STATE_HOME:-$HOME/.local/state}/maasc}/$(TZ=UTC0 printf '%(%Y%m%dT%H%M%SZ)T' -1).$$
      mkdir -p "$LOG"
      event start bundle "$DIGEST" commit "$COMMIT" steps "$TOTAL" dry_run "${DRY:-0}"
      open_hosts
      STARTED=1
      for HOST in "${!USED[@]}"; do
        if [[ -n $DRY ]]; then
          [[ ! -s $WORK/drift/$HOST ]] || show "changed   $HOST: $(<"$WORK/drift/$HOST")"
        else
          remote "$HOST" remote_note "$DIGEST" "$COMMIT" </dev/null
        fi
      done
      run_waves
      verify_hosts
      [[ -z $FAILED ]] || exit 1
      """#)
}
