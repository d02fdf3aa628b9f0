#!/usr/bin/env bash
# Ask MAAS through the address that everybody uses
#
# Host:    region-1
# Why:     It must answer there, and list every region and rack.
# After:   */firewall-keep, region-3/backup-backup-restore-test
# Check:   sudo bash acceptance-installation.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash acceptance-installation.sh apply && sudo bash acceptance-installation.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
regions_serve() { # URL NAME...: MAAS answers there and lists the processes of every region
  local answer name
  answer=$(curl -fsS -m 30 "$1/rpc/") || fail "MAAS does not answer at $1"
  for name in "${@:2}"; do
    jq -e --arg name "$name:" '.eventloops // {} | keys | any(startswith($name))' <<<"$answer" >/dev/null || fail "the region $name serves no racks"
  done
}
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
rack_runs() { # HOST SERVICE: the rack said that its service runs
  local state
  state=$(maas_api rack-controllers read | jq -r --arg host "$1" --arg service "$2" \
    '.[] | select(.hostname == $host) | .service_set[] | select(.name == $service) | .status')
  [[ $state == running ]] || { echo "$2 of $1 is ${state:-not known}"; return 1; }
}
racks_run() { # NAME...
  local name
  for name; do rack_runs "$name" rackd || return 1; done
}
check() {
  wait_until 30 'MAAS is not complete' regions_serve http://maas.example.net/MAAS region-1 region-2 region-3
  maas_login admin
  wait_until 30 'a rack is missing' racks_run rack-1 rack-2
}
apply() {
  wait_until 30 'MAAS is not complete' regions_serve http://maas.example.net/MAAS region-1 region-2 region-3
  maas_login admin
  wait_until 30 'a rack is missing' racks_run rack-1 rack-2
}
verify() {
  wait_until 30 'MAAS is not complete' regions_serve http://maas.example.net/MAAS region-1 region-2 region-3
  maas_login admin
  wait_until 30 'a rack is missing' racks_run rack-1 rack-2
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
    if ((status == 0)); then echo nothing to do: 'Ask MAAS through the address that everybody uses'; exit 0; fi
    echo needed: 'Ask MAAS through the address that everybody uses'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Ask MAAS through the address that everybody uses'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
