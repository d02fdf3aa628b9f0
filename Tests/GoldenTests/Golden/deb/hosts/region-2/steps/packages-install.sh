#!/usr/bin/env bash
# Install postgresql-client, haproxy, socat, keepalived, postgresql-16, openssh-client, sudo, curl, jq, software-properties-common
#
# Host:    region-2
# Why:     Packages start their services as soon as they are unpacked; these start when their step has configured them.
# After:   region-2/packages-postgresql-no-cluster, region-2/packages-sources
# Check:   sudo bash packages-install.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash packages-install.sh apply && sudo bash packages-install.sh verify
# Back:    apt-get remove what /var/log/apt/history.log says that it brought; it does no harm where it stays
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
packages_installed() { local name; for name; do [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>&1) == installed ]] || return 1; done; }
check() {
  packages_installed postgresql-client haproxy socat keepalived postgresql-16 openssh-client sudo curl jq software-properties-common
  [[ ! -e /usr/sbin/policy-rc.d ]] || ! grep -q maasc /usr/sbin/policy-rc.d
}
apply() {
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]] || grep -q maasc "$policy"; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\n# Set by maasc while packages are installed: services start when they are configured.\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
  dpkg --configure -a
  apt-get -q -o DPkg::Lock::Timeout=300 update
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install --no-install-recommends postgresql-client haproxy socat keepalived postgresql-16 openssh-client sudo curl jq software-properties-common
}
verify() {
  packages_installed postgresql-client haproxy socat keepalived postgresql-16 openssh-client sudo curl jq software-properties-common
  [[ ! -e /usr/sbin/policy-rc.d ]] || ! grep -q maasc /usr/sbin/policy-rc.d
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
    if ((status == 0)); then echo nothing to do: 'Install postgresql-client, haproxy, socat, keepalived, postgresql-16, openssh-client, sudo, curl, jq, software-properties-common'; exit 0; fi
    echo needed: 'Install postgresql-client, haproxy, socat, keepalived, postgresql-16, openssh-client, sudo, curl, jq, software-properties-common'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Install postgresql-client, haproxy, socat, keepalived, postgresql-16, openssh-client, sudo, curl, jq, software-properties-common'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
