#!/usr/bin/env bash
# Stop what clashes with MAAS
#
# Host:    rack-2
# Why:     MAAS brings its own DNS, DHCP, TFTP, NTP and proxy servers, which need their ports for themselves.
# After:   rack-2/preflight-identity
# Check:   sudo bash preflight-conflicts.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash preflight-conflicts.sh apply && sudo bash preflight-conflicts.sh verify
# Back:    sudo bash preflight-conflicts.sh rollback
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
STATE=/var/lib/maasc
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
check() {
  clashing() { # prints the units that run or would start at boot
    local unit
    for unit in dnsmasq.service ntp.service ntpsec.service openntpd.service systemd-timesyncd.service tftpd-hpa.service atftpd.service tftpd.service squid-deb-proxy.service squid.service isc-dhcp-server.service isc-dhcp-server6.service kea-dhcp4-server.service kea.service nginx.service; do
      [[ $(systemctl show -p LoadState --value "$unit") == loaded ]] || continue
      if systemctl is-active --quiet "$unit" || systemctl is-enabled --quiet "$unit"; then systemctl show -p Id --value "$unit"; fi
    done
  }
  found=$(clashing | sort -u | xargs)
  [[ -z $found ]] || fail "MAAS cannot share this host with $found"
}
apply() {
  clashing() { # prints the units that run or would start at boot
    local unit
    for unit in dnsmasq.service ntp.service ntpsec.service openntpd.service systemd-timesyncd.service tftpd-hpa.service atftpd.service tftpd.service squid-deb-proxy.service squid.service isc-dhcp-server.service isc-dhcp-server6.service kea-dhcp4-server.service kea.service nginx.service; do
      [[ $(systemctl show -p LoadState --value "$unit") == loaded ]] || continue
      if systemctl is-active --quiet "$unit" || systemctl is-enabled --quiet "$unit"; then systemctl show -p Id --value "$unit"; fi
    done
  }
  for unit in $(clashing | sort -u); do
    systemctl disable --now --quiet "$unit" || systemctl stop "$unit"
    systemctl mask --quiet "$unit"
    printf '%s\n' "$unit" >>"$STATE/masked-units"
    say "stopped and masked $unit"
  done
}
verify() {
  clashing() { # prints the units that run or would start at boot
    local unit
    for unit in dnsmasq.service ntp.service ntpsec.service openntpd.service systemd-timesyncd.service tftpd-hpa.service atftpd.service tftpd.service squid-deb-proxy.service squid.service isc-dhcp-server.service isc-dhcp-server6.service kea-dhcp4-server.service kea.service nginx.service; do
      [[ $(systemctl show -p LoadState --value "$unit") == loaded ]] || continue
      if systemctl is-active --quiet "$unit" || systemctl is-enabled --quiet "$unit"; then systemctl show -p Id --value "$unit"; fi
    done
  }
  found=$(clashing | sort -u | xargs)
  [[ -z $found ]] || fail "MAAS cannot share this host with $found"
}
rollback() {
  [[ -e $STATE/masked-units ]] || return 0
  while read -r unit; do
    systemctl unmask "$unit"
    systemctl enable --now "$unit"
  done <"$STATE/masked-units"
  rm -f "$STATE/masked-units"
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
    if ((status == 0)); then echo nothing to do: 'Stop what clashes with MAAS'; exit 0; fi
    echo needed: 'Stop what clashes with MAAS'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Stop what clashes with MAAS'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
