#!/usr/bin/env bash
# See that no machine is being deployed
#
# Host:    region-1
# Why:     A machine that is being deployed fetches its system through racks and regions that are about to restart.
# After:   region-1/preflight-surroundings
# Check:   sudo bash preflight-idle.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash preflight-idle.sh apply && sudo bash preflight-idle.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
fail() { printf '%s\n' "$*" >&2; exit 1; }
maas_login() { # USER: a session of MAAS' own client, which ends when the step ends
  local base=http://localhost:5240/MAAS moved key
  insecure=()
  moved=$(curl -s -m 30 -o /dev/null -w '%{redirect_url}' "$base/api/2.0/version/") || fail 'MAAS does not answer on port 5240 of this host'
  # With TLS on, MAAS sends clients to the port of its certificate, which does not name localhost.
  if [[ $moved == https://* ]]; then base=${moved%%/MAAS/*}/MAAS insecure=(-k); fi
  key=$(maas apikey --username "$1") || fail "MAAS has no user $1 (maas.admin of the topology): $key"
  [[ -n $key ]] || key=$(maas apikey --username "$1" --generate) || fail "MAAS gives no API key for $1"
  trap 'maas logout maasc >/dev/null 2>&1 || true' EXIT
  maas login "${insecure[@]}" maasc "$base/" - <<<"${key%%$'\n'*}" >/dev/null || fail "MAAS refuses the API key of $1"
}
maas_api() { # WORD...: one call; its answer
  local answer
  answer=$(maas maasc "$@" "${insecure[@]}" </dev/null) || fail "maas $*: ${answer:-no answer}"
  printf '%s\n' "$answer"
}
check() {
  for tool in maas jq curl; do command -v "$tool" >/dev/null || return 0; done
  curl -s -m 5 -o /dev/null http://localhost:5240/MAAS/rpc/ || return 0
  maas apikey --username admin >/dev/null 2>&1 || return 0
  maas_login admin
  busy=$(maas_api machines read status=deploying | jq -r 'map(.hostname) | join(" ")')
  [[ -z $busy ]] || fail "machines are being deployed: $busy; wait until they are done"
}
apply() {
  true
}
verify() {
  for tool in maas jq curl; do command -v "$tool" >/dev/null || return 0; done
  curl -s -m 5 -o /dev/null http://localhost:5240/MAAS/rpc/ || return 0
  maas apikey --username admin >/dev/null 2>&1 || return 0
  maas_login admin
  busy=$(maas_api machines read status=deploying | jq -r 'map(.hostname) | join(" ")')
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
