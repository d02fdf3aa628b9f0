#!/usr/bin/env bash
# Register this rack with the regions
#
# Host:    rack-2
# Why:     The secret that the first region made proves that the rack belongs to this MAAS.
# After:   rack-2/rack-configuration
# Secrets: maas-rack-secret; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash rack-register.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash rack-register.sh apply && sudo bash rack-register.sh verify
# Back:    delete this controller in MAAS, then take MAAS off this host: as long as it runs, it comes back
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
unit_active() { systemctl is-active --quiet "$1"; }
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
units_enabled() { # UNIT...: all of them
  local unit
  for unit; do systemctl is-enabled --quiet "$unit" || return 1; done
}
units_active() { # UNIT...: all of them
  local unit
  for unit; do unit_active "$unit" || return 1; done
}
check() {
  units_enabled maas-rackd.service maas-agent.service
  units_active maas-rackd.service maas-agent.service
  [[ $(tr -d '[:space:]' </var/lib/maas/secret) == "$(secret maas-rack-secret)" ]]
}
apply() {
  if [[ -s /var/lib/maas/secret ]]; then
    [[ $(tr -d '[:space:]' </var/lib/maas/secret) == "$(secret maas-rack-secret)" ]] || fail "this rack belongs to another MAAS: delete it there and purge MAAS here first"
  fi
  maas-rack install-shared-secret <<<"$(secret maas-rack-secret)"
  chown maas:maas /var/lib/maas/secret
  chmod 640 /var/lib/maas/secret
  systemctl unmask maas-rackd.service maas-agent.service
  systemctl enable maas-rackd.service maas-agent.service
  systemctl restart maas-rackd.service maas-agent.service named.service
}
verify() {
  wait_until 120 'maas-rackd.service does not run; see: journalctl -n 100 -u '\''maas-*'\''' unit_active maas-rackd.service
  wait_until 120 'maas-agent.service does not run; see: journalctl -n 100 -u '\''maas-*'\''' unit_active maas-agent.service
  wait_until 120 'maas-http.service does not run; see: journalctl -n 100 -u '\''maas-*'\''' unit_active maas-http.service
  wait_until 120 'maas-syslog.service does not run; see: journalctl -n 100 -u '\''maas-*'\''' unit_active maas-syslog.service
  wait_until 120 'named.service does not run; see: journalctl -n 100 -u '\''maas-*'\''' unit_active named.service
  wait_until 120 'chrony.service does not run; see: journalctl -n 100 -u '\''maas-*'\''' unit_active chrony.service
  [[ $(tr -d '[:space:]' </var/lib/maas/secret) == "$(secret maas-rack-secret)" ]]
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
    if ((status == 0)); then echo nothing to do: 'Register this rack with the regions'; exit 0; fi
    echo needed: 'Register this rack with the regions'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Register this rack with the regions'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
