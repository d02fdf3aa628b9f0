#!/usr/bin/env bash
# See both DHCP servers of fabric-1/provisioning in state normal
#
# Host:    maas-1
# Why:     Only then does either answer for the other; the next change waits for it. After one was replaced, the other serves alone for an hour.
# After:   maas-1/dhcp-fabric-1.provisioning
# Check:   sudo bash dhcp-fabric-1.provisioning.normal.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash dhcp-fabric-1.provisioning.normal.sh apply && sudo bash dhcp-fabric-1.provisioning.normal.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

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
failover_normal() { # ADDRESS DHCPD_CONF LEASES: of the pair in which this host has ADDRESS; a server without its leases has to wait for mclt
  local name states
  name=$(awk -v address="$1;" '$1 == "failover" { name = $3 } $1 == "address" && $2 == address { print name; exit }' "$2")
  states=$(awk -v name="$name" '$1 == "failover" && $3 == name { inside = 1 } inside && $2 == "state" { state[$1] = $3 } /^}/ { inside = 0 }
    END { print state["my"], state["partner"] }' "$3")
  case $states in
    'normal normal') ;;
    'partner-down recover-wait' | 'recover-wait partner-down') echo "one server of the pair $name is new: for an hour the other serves alone" ;;
    *) echo "the pair ${name:-of $1} is in the states: $states"; return 1 ;;
  esac
}
check() {
  failover_normal 198.51.100.2 /var/snap/maas/common/maas/dhcpd.conf /var/snap/maas/common/maas/dhcp/dhcpd.leases
}
apply() {
  wait_until 600 'the DHCP servers do not agree' failover_normal 198.51.100.2 /var/snap/maas/common/maas/dhcpd.conf /var/snap/maas/common/maas/dhcp/dhcpd.leases
}
verify() {
  failover_normal 198.51.100.2 /var/snap/maas/common/maas/dhcpd.conf /var/snap/maas/common/maas/dhcp/dhcpd.leases
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
    if ((status == 0)); then echo nothing to do: 'See both DHCP servers of fabric-1/provisioning in state normal'; exit 0; fi
    echo needed: 'See both DHCP servers of fabric-1/provisioning in state normal'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See both DHCP servers of fabric-1/provisioning in state normal'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
