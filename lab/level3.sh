#!/usr/bin/env bash
# Deploys the examples on simulated hosts, kills deployments half-way, and writes its part of docs/laboratory-results.md.
#
#   lab/level3.sh           every example, one of them killed in each of ten phases, one by Ansible, one through its later life
#   lab/level3.sh --quick   one example; writes no page
#   lab/level3.sh --soak    one example, killed at thirty steps taken at random, and twenty times each fault under the virtual address; writes no page
#
# Three laboratories run side by side, because most of a deployment is waiting. Each line begins with the name of its own.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
cd "$LAB/.."
PAGE=docs/laboratory-results.md
PHASES='preflight packages database balancer region networks rack dhcp images firewall'
RESULTS=$(mktemp -d)
mkdir "$RESULTS/states"
export MAASC_LAB_STATES=$RESULTS/states
if [[ -z ${MAASC-} ]]; then
  swift build --quiet --product maasc
  MAASC=$(swift build --show-bin-path)/maasc
fi
export MAASC
FAILED=0 LANES=() FULL='' ENDED=''

run() { "$LAB/deploy.sh" "$@" || FAILED=1; } # EXAMPLE OPTION...
later() { "$LAB/daytwo.sh" "$@" || FAILED=1; } # EXAMPLE SCENE...
refusals() { # wrong commands, which the simulator has to refuse
  local text result=passed
  text=$("$LAB/maas-simulator/refusals") || { FAILED=1 result=failed; }
  say "$text"
  printf '| the simulator | wrong commands | %s | %s |\n' "$result" "$(tail -n 1 <<<"$text")" >>"$MAASC_LAB_RESULTS"
}
# What belongs to one laboratory, one after another.
lifetime() {
  run three-node --options --keep
  later three-node drift rebuild restore --running
  run minimal
}
disturbed() { # they have to end in the state of an undisturbed deployment
  run three-node --kill "$PHASES"
  run three-node --ansible
  later brownfield-before adopted
  run vault-tls
}
examples() {
  local example
  refusals
  for example in split deb dual-stack; do run "$example"; done
  run patroni --keep
  later patroni return --running
  later three-node planned killed power synchronous
}
lane() { # NAME: in a laboratory and with results of its own, in the background
  (
    export MAASC_LAB_NAME=$MAASC_LAB_NAME-$1 MAASC_LAB_RESULTS=$RESULTS/$1.rows
    case $1 in examples) examples ;; lifetime) lifetime ;; disturbed) disturbed ;; esac
    exit "$FAILED"
  ) > >(sed -u "s/^/$1: /") 2>&1 &
  LANES+=("$!")
}
part() { # this level's part of the page
  echo '<!-- level 3 begins -->'
  printf '## Level 3: deployments on simulated hosts\n\n'
  printf 'Written by lab/level3.sh on %s, Linux %s, %s processors; ' "$(date -u +%F)" "$(uname -r)" "$(nproc)"
  printf '%s %d minutes.\n' "${ENDED:-it was stopped before its end, after}" "$((SECONDS / 60))"
  cat <<'END'
Hosts are systemd containers on Debian 12 that say they are Ubuntu. PostgreSQL 15 stands in for 16, and MAAS itself is simulated
(`lab/maas-simulator`): apt, systemd, PostgreSQL, Patroni, etcd, HAProxy, keepalived, nftables, dhcpd and ssh are the real ones.

| example | by | result | what was seen |
|---|---|---|---|
END
  cat "$RESULTS"/*.rows
  echo '<!-- level 3 ends -->'
}
write_page() {
  [[ -e $PAGE ]] || printf '# Laboratory results\n' >"$PAGE"
  {
    sed '/<!-- level 3 begins -->/,/<!-- level 3 ends -->/d' "$PAGE" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
    echo
    part
  } >"$PAGE.new"
  mv "$PAGE.new" "$PAGE"
}

finish() { # also when it is stopped: what was seen until then was seen
  if [[ -n $FULL ]]; then write_page; fi
  rm -rf "$RESULTS"
}

random_steps() { # each a step of some host
  sed -nE 's|^ *"id": *"[^"/]*/([^"]*)".*|\1|p' Tests/GoldenTests/Golden/three-node/runbook/steps.json | sort -u | shuf -n 30 | xargs
}

trap finish EXIT
if [[ ${1-} == --quick ]]; then
  run three-node
elif [[ ${1-} == --soak ]]; then
  run three-node --kill "$(random_steps)"
  MAASC_LAB_TIMES=20 later three-node faults
else
  FULL=1
  for lane in examples lifetime disturbed; do lane "$lane"; done
  for job in "${LANES[@]}"; do wait "$job" || FAILED=1; done
  ENDED='it took'
fi
say "level 3 took $((SECONDS / 60)) min $((SECONDS % 60)) s"
((FAILED == 0))
