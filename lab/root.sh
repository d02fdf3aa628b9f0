#!/usr/bin/env bash
# Makes the root that all hosts of the laboratory share, and the package repository that they install from. Both stay in the cache.
#
#   lab/root.sh          prints the cache's folder; makes what is missing there
#
# The root is Debian 12 with what an Ubuntu server has from the start. What a topology needs beyond that is installed by its own steps,
# by apt, from the repository: Debian's packages, and stubs (lab/packages.sh) for what only Ubuntu has.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
BASE=(systemd systemd-sysv dbus openssh-server openssh-client sudo python3 python3-psycopg2 python3-yaml iproute2 iputils-ping netbase procps ca-certificates
  libpam-systemd kmod zstd openssl)
OFFERED=(haproxy keepalived postgresql-15 postgresql-client patroni etcd-server etcd-client python3-etcd nftables jq curl socat bind9 bind9-utils
  chrony isc-dhcp-server openssh-client python3 sudo cloud-init)
UNITS_OFF=(systemd-networkd-wait-online.service systemd-networkd.service systemd-networkd.socket systemd-firstboot.service
  systemd-timesyncd.service systemd-resolved.service apt-daily.timer apt-daily-upgrade.timer)

mirror() { # what this machine itself installs from
  awk '/^URIs:/ { print $2; exit } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null
}
inside() { chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "${@:2}"; }
bootstrap() { # ROOT
  debootstrap --variant=minbase --include=ca-certificates bookworm "$1" "$(mirror)" >"$1.log" 2>&1 || { tail -n 5 "$1.log" >&2; return 1; }
  cp /etc/resolv.conf "$1/etc/resolv.conf"
  if cp /etc/apt/sources.list.d/*.sources "$1/etc/apt/sources.list.d/" 2>/dev/null; then : >"$1/etc/apt/sources.list"; fi
  cp /etc/apt/apt.conf.d/* "$1/etc/apt/apt.conf.d/"
  printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
  chmod 755 "$1/usr/sbin/policy-rc.d"
  inside "$1" apt-get -qq update
  inside "$1" apt-get -qq -y install --no-install-recommends "${BASE[@]}" >>"$1.log" 2>&1
}
offer() { # ROOT: Debian's packages that hosts may ask for, with what they depend on
  inside "$1" apt-get -qq -y install --download-only --no-install-recommends "${OFFERED[@]}" >>"$1.log" 2>&1
  mkdir -p "$1/srv/repository"
  mv "$1"/var/cache/apt/archives/*.deb "$1/srv/repository/"
  # MAAS brings its own dhcpd; the simulator runs the real one under MAAS' files.
  dpkg -x "$1"/srv/repository/isc-dhcp-server_*.deb "$1/opt/dhcpd"
}
settle() { # ROOT: what makes it a host
  local unit
  rm -f "$1/usr/sbin/policy-rc.d" "$1"/etc/ssh/ssh_host_* "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/apt.conf.d/docker-*
  echo 'deb [trusted=yes] file:/srv/repository ./' >"$1/etc/apt/sources.list"
  for unit in "${UNITS_OFF[@]}"; do ln -sf /dev/null "$1/etc/systemd/system/$unit"; done
  rm -rf "$1"/var/lib/apt/lists/*
}

[[ $(id -u) == 0 ]] || fail 'the laboratory needs root'
mkdir -p "$CACHE"
exec 9>"$CACHE/.lock"
flock 9
if [[ ! -e $CACHE/root/.ready ]]; then
  rm -rf "$CACHE/root" "$CACHE/root.new"
  bootstrap "$CACHE/root.new"
  offer "$CACHE/root.new"
  settle "$CACHE/root.new"
  touch "$CACHE/root.new/.ready"
  mv -T "$CACHE/root.new" "$CACHE/root"
fi
if [[ ! -e $REPOSITORY ]]; then
  rm -rf "$CACHE"/repository-*.new
  cp -al "$CACHE/root/srv/repository" "$REPOSITORY.new"
  "$LAB/packages.sh" "$REPOSITORY.new"
  mv -T "$REPOSITORY.new" "$REPOSITORY"
fi
echo "$CACHE"
