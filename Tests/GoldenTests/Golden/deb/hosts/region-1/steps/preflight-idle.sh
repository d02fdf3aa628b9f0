#!/usr/bin/env bash
# See that no machine is being deployed
#
# Host:    region-1
# Why:     A machine that is being deployed fetches its system through racks and regions that are about to restart.
# After:   region-1/preflight-identity, region-1/preflight-conflicts, region-1/preflight-surroundings
# Check:   sudo bash preflight-idle.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash preflight-idle.sh apply && sudo bash preflight-idle.sh verify
# Back:    no way back by itself; see README.md
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  for tool in maas jq curl; do command -v "$tool" >/dev/null || return 0; done
  curl -s -m 5 -o /dev/null http://localhost:5240/MAAS/rpc/ || return 0
  key=$(maas apikey --username admin 2>/dev/null) || return 0
  maas login maasc-preflight http://localhost:5240/MAAS/ - <<<"${key%%$'\n'*}" >/dev/null || return 0
  trap 'maas logout maasc-preflight >/dev/null' EXIT
  busy=$(maas maasc-preflight machines read status=deploying </dev/null | jq -r 'map(.hostname) | join(" ")')
  [[ -z $busy ]] || fail "machines are being deployed: $busy; wait until they are done"
}
apply() {
  true
}
verify() {
  for tool in maas jq curl; do command -v "$tool" >/dev/null || return 0; done
  curl -s -m 5 -o /dev/null http://localhost:5240/MAAS/rpc/ || return 0
  key=$(maas apikey --username admin 2>/dev/null) || return 0
  maas login maasc-preflight http://localhost:5240/MAAS/ - <<<"${key%%$'\n'*}" >/dev/null || return 0
  trap 'maas logout maasc-preflight >/dev/null' EXIT
  busy=$(maas maasc-preflight machines read status=deploying </dev/null | jq -r 'map(.hostname) | join(" ")')
  [[ -z $busy ]] || fail "machines are being deployed: $busy; wait until they are done"
}
needed() {
  set +e
  (set -e; check) 2>&1
  status=$?
  set -e
}
case ${1-} in
  check) needed; ((status == 0)) || exit 10 ;;
  plan)
    needed
    if ((status == 0)); then echo nothing to do: 'See that no machine is being deployed'; exit 0; fi
    echo needed: 'See that no machine is being deployed'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See that no machine is being deployed'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
