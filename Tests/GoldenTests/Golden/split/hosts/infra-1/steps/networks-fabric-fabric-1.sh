#!/usr/bin/env bash
# Have the fabric fabric-1 in MAAS
#
# Host:    infra-1
# Why:     Subnets that MAAS found by itself are adopted or moved to their VLAN; nothing is made twice.
# After:   */hold-*
# Check:   sudo bash networks-fabric-fabric-1.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash networks-fabric-fabric-1.sh apply && sudo bash networks-fabric-fabric-1.sh verify
# Back:    its log has every call: what was made can be deleted in MAAS, what was moved be moved back
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
FILES=$(cd "$(dirname "$0")/../files" && pwd)
say() { printf '%s\n' "$*"; }
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
maas_calls() { # CALLS: carries out calls that are given as one JSON array of words a line
  local line lines words
  mapfile -t lines <<<"$1"
  for line in "${lines[@]}"; do
    mapfile -d '' -t words < <(jq -j '.[] + "\u0000"' <<<"$line")
    say "maas ${words[*]}"
    maas_api "${words[@]}" >/dev/null
  done
}
network_calls() { # FILE: the calls that bring MAAS a stage nearer to the fabric that FILE describes; nothing when it is there
  local now
  now=$(maas_api fabrics read && maas_api spaces read && maas_api subnets read && maas_api ipranges read)
  jq -cn --slurpfile want "$1" --slurpfile now <(printf '%s' "$now") -f "$FILES/var/lib/maasc/networks.jq"
}
check() {
  maas_login admin
  calls=$(network_calls "$FILES"/var/lib/maasc/networks/fabric-1.json)
  [[ -z $calls ]] || fail "MAAS still lacks: $(head -n 5 <<<"$calls")"
}
apply() {
  maas_login admin
  for _ in 1 2 3 4 5 6 7 8; do
    calls=$(network_calls "$FILES"/var/lib/maasc/networks/fabric-1.json)
    [[ -n $calls ]] || break
    maas_calls "$calls"
  done
}
verify() {
  maas_login admin
  calls=$(network_calls "$FILES"/var/lib/maasc/networks/fabric-1.json)
  [[ -z $calls ]] || fail "MAAS still lacks: $(head -n 5 <<<"$calls")"
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
    if ((status == 0)); then echo nothing to do: 'Have the fabric fabric-1 in MAAS'; exit 0; fi
    echo needed: 'Have the fabric fabric-1 in MAAS'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Have the fabric fabric-1 in MAAS'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
