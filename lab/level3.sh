#!/usr/bin/env bash
# Deploys the examples on simulated hosts, kills deployments half-way, and writes its part of docs/laboratory-results.md.
#
#   lab/level3.sh           every example, one of them killed in each of ten phases, one by Ansible
#   lab/level3.sh --quick   one example; writes no page
#   lab/level3.sh --soak    one example, killed at thirty steps taken at random; writes no page
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
cd "$LAB/.."
PAGE=docs/laboratory-results.md
PHASES='preflight packages database balancer region networks rack dhcp images firewall'
RESULTS=$(mktemp)
trap 'rm -f "$RESULTS"' EXIT
export MAASC_LAB_RESULTS=$RESULTS
FAILED=0

run() { "$LAB/deploy.sh" "$@" || FAILED=1; } # EXAMPLE OPTION...
part() { # this level's part of the page
  echo '<!-- level 3 begins -->'
  printf '## Level 3: deployments on simulated hosts\n\n'
  printf 'Written by lab/level3.sh on %s, Linux %s, %s processors.\n' "$(date -u +%F)" "$(uname -r)" "$(nproc)"
  cat <<'END'
Hosts are systemd containers on Debian 12 that say they are Ubuntu. PostgreSQL 15 stands in for 16, and MAAS itself is simulated
(`lab/maas-simulator`): apt, systemd, PostgreSQL, Patroni, etcd, HAProxy, keepalived, nftables, dhcpd and ssh are the real ones.

| example | by | result | what was seen |
|---|---|---|---|
END
  cat "$RESULTS"
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

random_steps() { # each a step of some host
  sed -nE 's|^ *"id": *"[^"/]*/([^"]*)".*|\1|p' Tests/GoldenTests/Golden/three-node/runbook/steps.json | sort -u | shuf -n 30 | xargs
}

if [[ ${1-} == --quick ]]; then
  run three-node
elif [[ ${1-} == --soak ]]; then
  run three-node --kill "$(random_steps)"
else
  for example in split deb patroni; do run "$example"; done
  run three-node --ansible
  run three-node --kill "$PHASES"
  write_page
fi
exit "$FAILED"
