#!/usr/bin/env bash
# Makes the stub packages of the laboratory: what Ubuntu or MAAS' archive has and Debian 12 has not. Each says so in its description.
#
#   lab/packages.sh REPOSITORY
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
REPOSITORY=$1
MAAS_VERSION=1:3.6.2-17809-g.lab
TREE=$(mktemp -d)
trap 'rm -rf "$TREE"' EXIT

package() { # NAME VERSION SOURCE DEPENDS [CONFLICTS]: $TREE/NAME becomes a package
  mkdir -p "$TREE/$1/DEBIAN"
  {
    printf 'Package: %s\nSource: %s\nVersion: %s\nArchitecture: all\nMaintainer: maasc laboratory <lab@example.net>\n' "$1" "$3" "$2"
    [[ -z $4 ]] || echo "Depends: $4"
    [[ -z ${5-} ]] || echo "Conflicts: $5"
    printf 'Description: stand-in of the maasc laboratory for %s\n' "$1"
  } >"$TREE/$1/DEBIAN/control"
  dpkg-deb -b --root-owner-group -Znone "$TREE/$1" "$REPOSITORY/$1_lab_all.deb" >/dev/null
}
postgresql() { # VERSION: Debian's server under the folder names of another version
  mkdir -p "$TREE/postgresql-$1/usr/lib/postgresql" "$TREE/postgresql-$1/usr/share/postgresql"
  ln -s 15 "$TREE/postgresql-$1/usr/lib/postgresql/$1"
  ln -s 15 "$TREE/postgresql-$1/usr/share/postgresql/$1"
  package "postgresql-$1" "$1.9-0lab" "postgresql-$1" "postgresql-15, postgresql-client-$1"
  package "postgresql-client-$1" "$1.9-0lab" "postgresql-$1" postgresql-client-15
}
unit() { # PACKAGE NAME COMMAND USER
  mkdir -p "$TREE/$1/lib/systemd/system"
  printf '[Unit]\nDescription=Simulated %s\nAfter=network.target\n\n[Service]\nUser=%s\nExecStart=/opt/maas-simulator/simulate %s\nRestart=always\nRestartSec=1\nAmbientCapabilities=CAP_NET_BIND_SERVICE CAP_NET_RAW\n\n[Install]\nWantedBy=multi-user.target\n' \
    "$2" "$4" "$3" >"$TREE/$1/lib/systemd/system/$2.service"
}
command_of() { # PACKAGE NAME
  mkdir -p "$TREE/$1/usr/bin"
  printf '#!/bin/sh\nexec /opt/maas-simulator/simulate %s "$@"\n' "$2" >"$TREE/$1/usr/bin/$2"
  chmod 755 "$TREE/$1/usr/bin/$2"
}
script() { # PACKAGE NAME: standard input
  mkdir -p "$TREE/$1/DEBIAN"
  { printf '#!/bin/sh\nset -e\n'; cat; } >"$TREE/$1/DEBIAN/$2"
  chmod 755 "$TREE/$1/DEBIAN/$2"
}
starts() { # PACKAGE UNIT...: as dh_installsystemd writes it
  local unit
  for unit in "${@:2}"; do
    sed "s/UNIT/$unit.service/g" <<'END'
deb-systemd-helper unmask UNIT >/dev/null || true
if [ "$(systemctl is-enabled UNIT 2>/dev/null)" != masked ]; then
  deb-systemd-helper enable UNIT >/dev/null
  deb-systemd-invoke start UNIT >/dev/null || true
fi
END
  done | { echo '[ ! -d /run/systemd/system ] || systemctl daemon-reload'; cat; }
}
maas() {
  script maas-common postinst <<'END'
getent group maas >/dev/null || groupadd --system maas
getent passwd maas >/dev/null || useradd --system --gid maas --home-dir /var/lib/maas --no-create-home --shell /usr/sbin/nologin maas
install -d -o maas -g maas -m 755 /etc/maas /var/lib/maas
# What MAAS' own daemons write for named and chrony while they run: the zone maas, and service to clients.
printf 'options { directory "/var/cache/bind"; recursion no; listen-on-v6 { any; }; };\nzone "maas" { type primary; file "/etc/bind/db.empty"; };\n' >/etc/bind/named.conf
install -d /etc/chrony/conf.d
echo allow >/etc/chrony/conf.d/maas.conf
if [ -d /run/systemd/system ]; then systemctl try-restart named.service chrony.service; fi
END
  package maas-common "$MAAS_VERSION" maas 'python3, python3-psycopg2, chrony, bind9, bind9-utils'
  command_of maas-cli maas
  package maas-cli "$MAAS_VERSION" maas maas-common
  local name
  for name in maas-http maas-syslog maas-proxy; do unit maas-proxy "$name" "${name#maas-}" root; done
  starts maas-proxy maas-http maas-syslog maas-proxy | script maas-proxy postinst
  package maas-proxy "$MAAS_VERSION" maas maas-common
  command_of maas-region-api maas-region
  for name in regiond apiserver temporal temporal-worker; do unit maas-region-api "maas-$name" "$name" maas; done
  { echo '[ -e /etc/maas/regiond.conf ] || install -o maas -g maas -m 640 /dev/null /etc/maas/regiond.conf'
    starts maas-region-api maas-regiond maas-apiserver maas-temporal maas-temporal-worker; } | script maas-region-api postinst
  package maas-region-api "$MAAS_VERSION" maas 'maas-common, maas-cli, maas-proxy' 'dnsmasq, ntp'
  command_of maas-rack-controller maas-rack
  for name in rackd agent dhcpd dhcpd6; do unit maas-rack-controller "maas-$name" "$name" root; done
  { echo '[ -e /etc/maas/rackd.conf ] || install -o maas -g maas -m 640 /dev/null /etc/maas/rackd.conf'
    starts maas-rack-controller maas-rackd maas-agent; } | script maas-rack-controller postinst
  package maas-rack-controller "$MAAS_VERSION" maas 'maas-common, maas-cli, maas-proxy' 'tftpd-hpa, ntp'
}
ubuntu() {
  mkdir -p "$TREE/software-properties-common/usr/bin"
  cat >"$TREE/software-properties-common/usr/bin/add-apt-repository" <<'END'
#!/bin/sh
# The laboratory has one repository, which holds the packages of every archive.
[ "$1" = -y ] || { echo "it would ask" >&2; exit 1; }
case $2 in ppa:maas/3.*) exec apt-get -q update ;; *) echo "unknown archive $2" >&2; exit 1 ;; esac
END
  chmod 755 "$TREE/software-properties-common/usr/bin/add-apt-repository"
  package software-properties-common 0.99-lab software-properties ''
}

rm -f "$REPOSITORY"/*_lab_all.deb "$REPOSITORY"/software-properties-common_*.deb
for version in 14 16; do postgresql "$version"; done
maas
ubuntu
(cd "$REPOSITORY" && dpkg-scanpackages -m . 2>/dev/null >Packages.new && mv Packages.new Packages)
