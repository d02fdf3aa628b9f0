#!/usr/bin/env bash
# See that this is region-1
#
# Host:    region-1
# Why:     Steps that run on the wrong host, or under another name than MAAS will list, do damage that is hard to undo.
# Check:   sudo bash preflight-identity.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash preflight-identity.sh apply && sudo bash preflight-identity.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from brownfield.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
check() {
  verify
}
apply() {
  true
}
verify() {
problems=()
problem() { problems+=("$*"); }
# shellcheck source=/dev/null
system=$(. /etc/os-release && echo "$ID $VERSION_ID")
[[ $system == 'ubuntu 24.04' ]] || problem "this is $system, the topology says ubuntu-24.04"
[[ -d /run/systemd/system ]] || problem "systemd does not run here"
command -v apt-get >/dev/null || problem "there is no apt-get here"
name=$(hostname)
[[ $name == region-1 ]] || problem "this host calls itself $name, the topology region-1"
getent hosts "$name" >/dev/null || problem "the host's own name $name does not resolve; add it to /etc/hosts"
addresses=(192.0.2.11)
for address in "${addresses[@]}"; do
  [[ -n $(ip -o address show to "$address") ]] || problem "no interface of this host has the address $address"
done
[[ -e /proc/net/if_inet6 ]] || problem "IPv6 is off in the kernel (ipv6.disable=1); regiond opens IPv6 sockets"
if ((${#problems[@]} > 0)); then
  printf '%s\n' "${problems[@]}" >&2
  exit 1
fi
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
    if ((status == 0)); then echo nothing to do: 'See that this is region-1'; exit 0; fi
    echo needed: 'See that this is region-1'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'See that this is region-1'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
