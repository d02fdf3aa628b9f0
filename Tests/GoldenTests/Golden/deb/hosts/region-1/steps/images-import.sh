#!/usr/bin/env bash
# Import the boot images to all regions
#
# Host:    region-1
# Why:     MAAS publishes an image when the last region has it.
# After:   */dhcp-*
# Check:   sudo bash images-import.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash images-import.sh apply && sudo bash images-import.sh verify
# Back:    none is needed: an image that is not wanted is deselected in MAAS
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

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
images_complete() { # no import runs, and the newest set of every image is on every region
  local id importing resources
  importing=$(maas_api boot-resources is-importing)
  [[ $importing == false ]] || { echo 'an import runs'; return 1; }
  resources=$(maas_api boot-resources read | jq -r '.[].id')
  [[ -n $resources ]] || { echo 'MAAS has no image'; return 1; }
  for id in $resources; do
    maas_api boot-resource read "$id" | jq -e '[.sets // {} | to_entries[]] | max_by(.key) | .value.complete' >/dev/null ||
      { echo "the image $id is not complete on all regions"; return 1; }
  done
}
check() {
  maas_login admin
  images_complete
}
apply() {
  maas_login admin
  maas_api boot-resources import >/dev/null
  wait_until 7200 'the images are not complete on all regions' images_complete
}
verify() {
  maas_login admin
  images_complete
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
    if ((status == 0)); then echo nothing to do: 'Import the boot images to all regions'; exit 0; fi
    echo needed: 'Import the boot images to all regions'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Import the boot images to all regions'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
