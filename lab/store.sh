# shellcheck shell=bash
# The store: one machine beside the topology's hosts, which is whatever the topology says that others run. Sourced by lab/host.sh.
# shellcheck disable=SC2154 # lab/host.sh sets WORK, lab/common.sh CACHE

store() { # UPPER: its ssh server waits until all of this is done
  install -d "$1/etc/systemd/system/multi-user.target.wants" "$1/usr/local/lib" "$1/srv/maas"
  printf '#!/bin/bash\nset -euo pipefail\n' >"$1/srv/begin"
  backups "$1"
  vault "$1"
  database "$1"
  balancer "$1"
  chmod 700 "$1/srv/begin"
  service "$1" store-begins Type=oneshot RemainAfterExit=yes ExecStart=/srv/begin
}
service() { # UPPER NAME LINE...
  printf '%s\n' '[Unit]' 'Before=ssh.service' '[Service]' "${@:3}" >"$1/etc/systemd/system/$2.service"
  ln -s "../$2.service" "$1/etc/systemd/system/multi-user.target.wants/$2.service"
}
backups() { # UPPER: where they go; it takes every key, as its owner would after reading the bundle's README
  install -d "$1/etc/ssh/sshd_config.d"
  # shellcheck disable=SC2016 # the words are the script's own
  printf '#!/bin/sh\necho "$1 $2"\n' >"$1/usr/local/lib/any-key"
  chmod 755 "$1/usr/local/lib/any-key"
  printf 'AuthorizedKeysCommand /usr/local/lib/any-key %%t %%k\nAuthorizedKeysCommandUser nobody\n' >"$1/etc/ssh/sshd_config.d/store.conf"
  sed '/^backup:/s|[^:]*$|/bin/sh|' "$CACHE/root/etc/passwd" >"$1/etc/passwd"
  chown backup:backup "$1/srv/maas"
}
vault() { # UPPER: a stand-in for Vault
  local name port
  read -r name port < <(awk '$1 == "vault" { print $2, $3 }' "$WORK/layout") || return 0
  install -m 600 "$WORK/canaries/$name" "$1/srv/vault-role"
  service "$1" vault "ExecStart=/opt/maas-simulator/vault-server $port /srv/vault-role" Restart=always
}
database() { # UPPER: PostgreSQL of others, with the database that they were asked for
  local name user secret port
  read -r name user secret port < <(awk '$1 == "database" { print $2, $3, $4, $5 }' "$WORK/layout") || return 0
  [[ $secret == - ]] || install -m 600 "$WORK/canaries/$secret" "$1/srv/database-password"
  cat >>"$1/srv/begin" <<END
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq -y install postgresql-15 >/dev/null
cd /etc/postgresql/15/main
printf "listen_addresses = '*'\nport = %s\nmax_connections = 400\n" $port >>postgresql.conf
echo 'host all all all scram-sha-256' >>pg_hba.conf
systemctl restart postgresql@15-main
{ printf '\\\\set password %s\n' "\$(cat /srv/database-password)"; cat <<'SQL'; } | runuser -u postgres -- psql -qp $port
create role "$user" login password :'password';
create database "$name" owner "$user";
SQL
END
}
balancer() { # UPPER: HAProxy of others
  local port behind server
  grep -q '^balance ' "$WORK/layout" || return 0
  {
    printf 'defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 5m\n  timeout server 5m\n'
    while read -r _ port behind; do
      printf 'listen port-%s\n  bind :%s\n' "$port" "$port"
      for server in $behind; do printf '  server %s %s check\n' "$server" "$server"; done
    done < <(grep '^balance ' "$WORK/layout")
  } >"$1/srv/haproxy.cfg"
  cat >>"$1/srv/begin" <<'END'
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq -y install haproxy >/dev/null
cp /srv/haproxy.cfg /etc/haproxy/haproxy.cfg
systemctl restart haproxy
END
}
