#!/usr/bin/env bash
# Install maas-rack-controller
#
# Host:    rack-1
# Why:     Their units are masked until they are configured.
# After:   rack-1/packages-install
# Check:   sudo bash packages-maas.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash packages-maas.sh apply && sudo bash packages-maas.sh verify
# Back:    sudo bash packages-maas.sh rollback
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
fail() { printf '%s\n' "$*" >&2; exit 1; }
packages_installed() { local name; for name; do [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>&1) == installed ]] || return 1; done; }
check() {
  packages_installed maas-rack-controller
}
apply() {
  if ! packages_installed maas-rack-controller; then systemctl mask maas-rackd.service maas-agent.service; fi
  add-apt-repository -y ppa:maas/3.6
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install maas-rack-controller
}
verify() {
  packages_installed maas-rack-controller
}
rollback() {
  for unit in maas-rackd.service maas-agent.service; do
    if systemctl is-active --quiet "$unit"; then fail "$unit runs: removing MAAS would take the identity of this host along"; fi
  done
  apt-get -q -y -o DPkg::Lock::Timeout=300 remove maas-rack-controller
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
    if ((status == 0)); then echo nothing to do: 'Install maas-rack-controller'; exit 0; fi
    echo needed: 'Install maas-rack-controller'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Install maas-rack-controller'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
