#!/usr/bin/env bash
# Bring the database's schema to this MAAS
#
# Host:    infra-1
# Why:     Always, with MAAS stopped: a first start that was interrupted leaves a schema that looks finished.
# After:   infra-1/region-initialise
# Caution: MAAS on this host is stopped while the database is migrated. There is no way back but a restore of the database.
# Check:   sudo bash region-migrate.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-migrate.sh apply && sudo bash region-migrate.sh verify
# Back:    none but runbook/restore.sh, with a backup from before
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
STATE=/var/lib/maasc
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
region_answers() { # NAME: the region of this host serves, and MAAS lists its processes
  curl -fsS -m 10 http://localhost:5240/MAAS/rpc/ | jq -e --arg name "$1" '.eventloops // {} | keys | any(startswith($name + ":"))' >/dev/null
}
check() {
  [[ -e $STATE/maas-migrated ]]
}
apply() {
  snap stop maas
  said=$(timeout 3600 maas migrate 2>&1) || fail "the migration failed: $(tail -n 20 <<<"$said")"
  snap start maas
  wait_until 600 'the region does not serve, or MAAS does not list it; see: snap logs -n 100 maas' region_answers infra-1
  snap list maas | awk 'NR == 2 { print $3 }' >"$STATE/maas-migrated"
}
verify() {
  wait_until 600 'the region does not serve, or MAAS does not list it; see: snap logs -n 100 maas' region_answers infra-1
}
export_value() {
  wait_until 300 'MAAS has not written its secret' test -s /var/snap/maas/common/maas/secret
  tr -d '[:space:]' </var/snap/maas/common/maas/secret
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
    if ((status == 0)); then echo nothing to do: 'Bring the database'\''s schema to this MAAS'; exit 0; fi
    echo needed: 'Bring the database'\''s schema to this MAAS'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Bring the database'\''s schema to this MAAS'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  export) export_value ;;
  *) echo "usage: $0 check | plan | apply | verify | export" >&2; exit 64 ;;
esac
