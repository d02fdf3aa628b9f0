#!/usr/bin/env bash
# Set MAAS' own settings
#
# Host:    infra-1
# Why:     They hold for the installation as a whole and live in the database.
# After:   */hold-*
# Check:   sudo bash networks-settings.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash networks-settings.sh apply && sudo bash networks-settings.sh verify
# Back:    its log has every value from before: name those in the topology and deploy again
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
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
maas_setting() { # NAME: its value in one line; lists as MAAS keeps them, with one blank between
  maas_api maas get-config "name=$1" | jq -r 'if . == null then "" else tostring | gsub("[, ]+"; " ") end'
}
check() {
  maas_login admin
  now=$(maas_setting ntp_servers)
  [[ $now == 10.20.0.1 ]] || fail "ntp_servers is ${now@Q}"
  now=$(maas_setting upstream_dns)
  [[ $now == 10.20.0.1 ]] || fail "upstream_dns is ${now@Q}"
}
apply() {
  maas_login admin
  now=$(maas_setting ntp_servers)
  say "ntp_servers was ${now@Q}"
  maas_api maas set-config name=ntp_servers value=10.20.0.1 >/dev/null
  now=$(maas_setting upstream_dns)
  say "upstream_dns was ${now@Q}"
  maas_api maas set-config name=upstream_dns value=10.20.0.1 >/dev/null
}
verify() {
  maas_login admin
  now=$(maas_setting ntp_servers)
  [[ $now == 10.20.0.1 ]] || fail "ntp_servers is ${now@Q}"
  now=$(maas_setting upstream_dns)
  [[ $now == 10.20.0.1 ]] || fail "upstream_dns is ${now@Q}"
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
    if ((status == 0)); then echo nothing to do: 'Set MAAS'\'' own settings'; exit 0; fi
    echo needed: 'Set MAAS'\'' own settings'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Set MAAS'\'' own settings'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
