#!/usr/bin/env bash
# Deploys an example and plays scenes of its later life on it, each judged by itself.
#
#   lab/daytwo.sh EXAMPLE SCENE... [--running] [--keep]
#
# EXAMPLE is a name in examples/ or lab/topologies/, or a file. Scenes, in lab/scenes/: drift, planned, killed, power, synchronous, rebuild,
# restore, return, faults, adopted. --running takes hosts that lab/deploy.sh EXAMPLE --keep left; --keep leaves them. MAASC names the compiler,
# MAASC_LAB_RESULTS the file that a line for each scene is added to.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
EXAMPLE=${1:?an example}
shift
RUNNING='' KEEP='' SCENES=() FAILED=0
while (($#)); do
  case $1 in
    --running) RUNNING=1 ;;
    --keep) KEEP=1 ;;
    -*) fail "unknown option $1" ;;
    *) SCENES+=("$1") ;;
  esac
  shift
done
RESULTS=${MAASC_LAB_RESULTS:-/dev/null}
# shellcheck source=lab/scenes/tools.sh
. "$LAB/scenes/tools.sh"
for file in "$LAB"/scenes/[!t]*.sh; do
  # shellcheck source=/dev/null
  . "$file"
done

scene_unchanged() { # what the last scene left is what the bundle wants
  settled unchanged
  figure 'a deployment afterwards changes nothing'
}
# A failed scene does not keep the next from being played: what it left is cleared away.
play() { # SCENE
  local status result=passed
  : >"$WORK/figures"
  # Not where its status is tested: there bash would ignore errexit.
  set +e
  (set -e; "scene_$1")
  status=$?
  set -e
  stop_writer
  if ((status != 0)); then FAILED=1 result=failed; fi
  printf '| %s | %s | %s | %s |\n' "$EXAMPLE" "$1" "$result" "$(paste -sd ';' "$WORK/figures" | sed 's/;/; /g')" >>"$RESULTS"
}
finish() {
  local status=$?
  trap - EXIT
  stop_writer || true
  if [[ -z $KEEP ]]; then "$LAB/host.sh" down; fi
  exit "$status"
}

trap finish EXIT
for scene in "${SCENES[@]}"; do [[ $(type -t "scene_$scene") == function ]] || fail "there is no scene $scene"; done
[[ -n $RUNNING ]] || "$LAB/deploy.sh" "$EXAMPLE" --keep
for scene in "${SCENES[@]}"; do
  for host in $("$LAB/host.sh" hosts); do "$LAB/host.sh" on "$host" true 2>/dev/null || "$LAB/host.sh" boot "$host"; done
  say "--- $EXAMPLE: $scene"
  play "$scene"
done
play unchanged
((FAILED == 0))
