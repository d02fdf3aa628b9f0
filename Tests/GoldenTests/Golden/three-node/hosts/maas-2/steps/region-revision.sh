#!/usr/bin/env bash
# Have the first region's revision of MAAS
#
# Host:    maas-2
# Why:     All regions work on one database, whose schema belongs to one revision.
# After:   maas-2/region-configuration
# Secrets: maas-revision; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash region-revision.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-revision.sh apply && sudo bash region-revision.sh verify
# Back:    snap revert maas, while no database of a newer schema is there
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
snap_mode() { cat /var/snap/maas/common/snap_mode 2>/dev/null || echo none; }
check() {
  [[ $(snap list maas | awk 'NR == 2 { print $3 }') == "$(secret maas-revision)" ]]
}
apply() {
  [[ $(snap_mode) == none ]] || fail "MAAS here is revision $(snap list maas | awk 'NR == 2 { print $3 }'), the first region has $(secret maas-revision): upgrade this region first"
  snap refresh maas --revision="$(secret maas-revision)"
}
verify() {
  [[ $(snap list maas | awk 'NR == 2 { print $3 }') == "$(secret maas-revision)" ]]
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
    if ((status == 0)); then echo nothing to do: 'Have the first region'\''s revision of MAAS'; exit 0; fi
    echo needed: 'Have the first region'\''s revision of MAAS'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Have the first region'\''s revision of MAAS'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
