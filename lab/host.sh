#!/usr/bin/env bash
# Hosts of the laboratory: systemd containers on one shared root, in network namespaces that bridges join.
#
#   lab/host.sh up TOPOLOGY     makes the networks and boots every host of the topology
#   lab/host.sh on HOST CMD...  runs a command on a host
#   lab/host.sh operator CMD... runs a command where the operator sits, who reaches the hosts by ssh
#   lab/host.sh cut HOST        takes its power away
#   lab/host.sh boot HOST       gives it back
#   lab/host.sh fresh HOST      boots a new machine in its place
#   lab/host.sh down            removes all of it
#
# MAASC_LAB_NAME tells laboratories apart. No traffic leaves their namespaces.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=lab/store.sh
. "$LAB/store.sh"
NETWORK=${NAME:?}-net
HOST_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

namespace() { # NAME
  # A laboratory that was killed with all its mounts leaves the name alone.
  ip netns del "$1" 2>/dev/null || true
  ip netns add "$1"
  ip -n "$1" link set lo up
}
addressed() { # NAMESPACE DEVICE ADDRESS: IPv6 without a second's wait for others that have it
  local option=()
  [[ $3 != *:* ]] || option=(nodad)
  ip -n "$1" address add "$3" dev "$2" "${option[@]}"
}
networks() { # the bridges live beside the operator, who is also the router
  local kind name address
  namespace "$NETWORK"
  ip netns exec "$NETWORK" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  while read -r kind name address; do
    [[ $kind == bridge ]] || continue
    ip -n "$NETWORK" link show "$name" >/dev/null 2>&1 || ip -n "$NETWORK" link add "$name" up type bridge
    addressed "$NETWORK" "$name" "$address"
  done <"$WORK/layout"
  manager "$(awk '$1 == "manager" { print $2 }' "$WORK/layout")"
}
manager() { # ADDRESS: the operator connects from there, as from a management network behind the router
  local network device
  [[ -n $1 ]] || return 0
  ip -n "$NETWORK" address add "$1/32" dev lo
  while read -r network _ device _; do
    ip -n "$NETWORK" route replace "$network" dev "$device" src "$1"
  done < <(ip -n "$NETWORK" -4 route show proto kernel)
}
# The same at every boot: neighbours would go on asking the hardware that is gone for as long as a connection may take.
hardware() { sha256sum <<<"$1" | sed -E 's/^(..)(..)(..)(..)(..).*/02:\1:\2:\3:\4:\5/'; } # LINK
links() { # HOST
  local kind name interface bridge addresses address number=0
  namespace "$NAME-$1"
  while read -r kind name interface bridge addresses; do
    [[ $name == "$1" ]] || continue
    case $kind in
      link)
        ip -n "$NETWORK" link add "$1.$number" type veth peer name "$interface" address "$(hardware "$1.$number")" netns "$NAME-$1"
        ip -n "$NETWORK" link set "$1.$number" master "$bridge" up
        for address in $addresses; do addressed "$NAME-$1" "$interface" "$address"; done
        ip -n "$NAME-$1" link set "$interface" up
        number=$((number + 1))
        ;;
      route) ip -n "$NAME-$1" route add default via "$interface" ;;
    esac
  done <"$WORK/layout"
}
names() { # what every host knows by name
  echo '127.0.0.1 localhost'
  echo '::1 localhost ip6-localhost'
  awk '$1 == "name" { print $2, $3 }' "$WORK/layout"
}
reachable() { # HOST UPPER: by ssh, as the topology says
  local user port
  read -r user port < <(awk -v host="$1" '$1 == "user" && $2 == host { print $3, $4 }' "$WORK/layout")
  install -d "$2/etc/ssh/sshd_config.d" "$2/etc/sudoers.d"
  echo "Port $port" >"$2/etc/ssh/sshd_config.d/port.conf"
  [[ $user != root ]] || return 0
  { cat "$CACHE/root/etc/passwd"; echo "$user:*:1900:1900::/home/$user:/bin/bash"; } >"$2/etc/passwd"
  { cat "$CACHE/root/etc/group"; echo "$user:*:1900:"; } >"$2/etc/group"
  echo "$user ALL=(ALL) NOPASSWD: ALL" >"$2/etc/sudoers.d/$user"
  install -d -m 700 -o 1900 -g 1900 "$2/home/$user" "$2/home/$user/.ssh"
  install -m 600 -o 1900 -g 1900 "$WORK/operator/.ssh/id_ed25519.pub" "$2/home/$user/.ssh/authorized_keys"
}
furnish() { # HOST UBUNTU: what makes the shared root this host, in its own upper folder
  local up=$WORK/hosts/$1/up
  install -d "$up/etc/ssh" "$up/usr/local/bin" "$up/usr/bin" "$WORK/hosts/$1/work" "$WORK/hosts/$1/root"
  install -d -m 700 "$up/root" "$up/root/.ssh"
  install -m 600 "$WORK/operator/.ssh/id_ed25519.pub" "$up/root/.ssh/authorized_keys"
  ssh-keygen -q -t ed25519 -N '' -f "$up/etc/ssh/ssh_host_ed25519_key"
  reachable "$1" "$up"
  echo "$1" >"$up/etc/hostname"
  names >"$up/etc/hosts"
  tr -d - </proc/sys/kernel/random/uuid >"$up/etc/machine-id"
  : >"$up/etc/resolv.conf"
  sed 's/^hosts:.*/hosts: files/' "$CACHE/root/etc/nsswitch.conf" >"$up/etc/nsswitch.conf"
  printf 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="%s"\nPRETTY_NAME="Ubuntu %s, as the laboratory says"\n' "$2" "$2" >"$up/etc/os-release"
  # shellcheck disable=SC2016 # the words are the script's own
  printf '#!/bin/sh\nexec /opt/maas-simulator/simulate snap "$@"\n' >"$up/usr/bin/snap"
  chmod 755 "$up/usr/bin/snap"
  install -d "$up/etc/systemd/system/chrony.service.d"
  printf '[Unit]\nConditionCapability=\n[Service]\nExecStart=\nExecStart=!/usr/sbin/chronyd -x\n' >"$up/etc/systemd/system/chrony.service.d/lab.conf"
  [[ $1 != store ]] || store "$up"
}
cgroups() { printf '%s\n' /sys/fs/cgroup/{systemd,unified}/"$NAME-$1"; }
boot() { # HOST: runs until it is halted; call it in the background, in a mount namespace of its own
  local directory=$WORK/hosts/$1 group
  while read -r group; do
    mkdir -p "$group"
    echo $BASHPID >"$group/cgroup.procs"
  done < <(cgroups "$1")
  mount -t overlay overlay -o "lowerdir=$CACHE/root,upperdir=$directory/up,workdir=$directory/work" "$directory/root"
  exec systemd-nspawn -q -M "$NAME-$1" -D "$directory/root" --network-namespace-path="/run/netns/$NAME-$1" --register=no --keep-unit \
    --console=pipe --capability=CAP_NET_ADMIN,CAP_NET_RAW --bind-ro="$WORK/simulator:/opt/maas-simulator" \
    --bind-ro="$REPOSITORY:/srv/repository" --hostname="$1" -b
}
kernel_settings() { # HOST: what a machine's own systemd-sysctl sets before its services start, and cannot in a container
  { cat "$WORK/hosts/$1/up/etc/sysctl.d/"*.conf 2>/dev/null || true; } | { grep '^net\.' || true; } | ip netns exec "$NAME-$1" sysctl -q -p -
}
start() { # HOST
  unshare --mount "$LAB/host.sh" boot-here "$1" </dev/null >"$WORK/hosts/$1/console" 2>&1 &
  echo $! >"$WORK/hosts/$1/pid"
}
runs() { [[ -e $WORK/hosts/$1/pid ]] && first_process "$1" >/dev/null; } # HOST
first_process() { pgrep -P "$(<"$WORK/hosts/$1/pid")" -x systemd; } # HOST
on() { # HOST CMD...
  local pid
  pid=$(first_process "$1") || fail "the host $1 does not run"
  nsenter -t "$pid" -a env -i PATH="$HOST_PATH:/snap/bin" HOME=/root LANG=C.UTF-8 "${@:2}"
}
await() { # HOST
  local deadline=$((SECONDS + 120))
  until runs "$1" && on "$1" systemctl is-active --quiet multi-user.target 2>/dev/null && on "$1" systemctl is-active --quiet ssh.service; do
    ((SECONDS < deadline)) || { tail -n 20 "$WORK/hosts/$1/console" >&2; fail "the host $1 does not boot"; }
    sleep 0.3
  done
  # systemd-nspawn leaves all of /proc/sys read-only, though the host's own network is its to set, and shows the interfaces of another network.
  nsenter -t "$(first_process "$1")" -m -n sh -euc '
    mount --bind /proc/sys/net /proc/sys/net && mount -o remount,bind,rw /proc/sys/net
    mkdir -p /run/own-sys && mount -t sysfs sysfs /run/own-sys
    mount --bind /run/own-sys/class/net /sys/class/net
    mount --bind /run/own-sys/devices/virtual/net /sys/devices/virtual/net'
}
operator_home() { # the operator's machine: a key, secrets, names
  local kind name how where value
  install -d -m 700 "$WORK/operator/.ssh" "$WORK/operator/secrets" "$WORK/operator/bin" "$WORK/canaries"
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/operator/.ssh/id_ed25519"
  printf 'Host *\n  StrictHostKeyChecking accept-new\n  UserKnownHostsFile /root/.ssh/known_hosts\n  LogLevel ERROR\n' >"$WORK/operator/.ssh/config"
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=maas.example.net \
    -addext "subjectAltName=$(awk '$1 == "name" { printf "%sDNS:%s,IP:%s", comma, $3, $2; comma = "," }' "$WORK/layout")" \
    -keyout "$WORK/canaries/.key" -out "$WORK/canaries/.certificate" 2>/dev/null
  while read -r kind name how where; do
    [[ $kind == secret ]] || continue
    value=$WORK/canaries/$name
    [[ $how == wrap ]] || secret_of "$name" >"$value"
    case $how in
      file) install -D -m 600 "$value" "$WORK/operator/${where#/root/}" ;;
      env) printf 'export %s=%q\n' "$where" "$(<"$value")" >>"$WORK/operator/environment" ;;
      command) install -D -m 600 "$value" "$WORK/operator/.commands/$where"; answering "${where%% *}" ;;
      wrap) wrapping "${where%% *}" ;;
    esac
  done <"$WORK/layout"
  install -d "/etc/netns/$NETWORK"
  names >"/etc/netns/$NETWORK/hosts"
}
answering() { # PROGRAM: a password store, which prints what is kept under its words
  # shellcheck disable=SC2016 # the words are the script's own
  printf '#!/bin/sh\nexec cat "/root/.commands/${0##*/} $*"\n' >"$WORK/operator/bin/$1"
  chmod 755 "$WORK/operator/bin/$1"
}
wrapping() { # PROGRAM: a fresh secret id of Vault in a token for one use
  {
    printf '#!/bin/sh\ncurl -fsS -m 10 -X POST -H "X-Vault-Wrap-TTL: 120" http://%s:%s/v1/auth/approle/role/maas/secret-id | jq -er .wrap_info.token\n' \
      "$(store_address)" "$(awk '$1 == "vault" { print $3 }' "$WORK/layout")"
  } >"$WORK/operator/bin/$1"
  chmod 755 "$WORK/operator/bin/$1"
}
store_address() { awk '$1 == "name" && $3 == "store" { print $2 }' "$WORK/layout"; }
secret_of() { # NAME: a value that a search finds wherever it should not be
  case $1 in
    *certificate*) cat "$WORK/canaries/.certificate" ;;
    *key*) cat "$WORK/canaries/.key" ;;
    *) printf 'Canary.%s.%.16s
' "${1//_/-}" "$(sha256sum <<<"$1")" ;;
  esac
}
operator() { # CMD...
  # shellcheck disable=SC2016 # expands in the namespace
  ip netns exec "$NETWORK" unshare --mount bash -c 'mount --bind "$1/operator" /root; cd /root; export HOME=/root PATH=/root/bin:$PATH
    [[ ! -e environment ]] || . ./environment; unset XDG_STATE_HOME XDG_RUNTIME_DIR; exec "${@:2}"' operator "$WORK" "$@"
}
enough_watches() { # every systemd watches files, and all of them share root's allowance
  local limit=/proc/sys/fs/inotify/max_user_instances
  (($(<"$limit") >= 4096)) || echo 4096 >"$limit"
}
make() { # HOST
  mkdir -p "$WORK/hosts/$1"
  furnish "$1" "$(awk -v host="$1" '$1 == "host" && $2 == host { print $3 }' "$WORK/layout")"
  links "$1"
  start "$1"
}
clear_remains() { # of a laboratory of this name that was killed
  local host
  [[ -e $WORK/layout ]] || return 0
  for host in $(hosts); do ! runs "$host" || fail "the laboratory $NAME runs; lab/host.sh down removes it"; done
  down
}
up() { # TOPOLOGY
  local host
  enough_watches
  clear_remains
  mkdir -p "$WORK"
  mount -t tmpfs -o mode=700,size=80% maasc-lab "$WORK"
  python3 "$LAB/layout.py" "$1" >"$WORK/layout"
  # A copy, so that a change of the sources does not reach into a laboratory that runs.
  cp -r "$LAB/maas-simulator" "$WORK/simulator"
  operator_home
  networks
  for host in $(hosts); do
    make "$host"
  done
  for host in $(hosts); do await "$host"; done
}
hosts() { awk '$1 == "host" { print $2 }' "$WORK/layout"; }
cut_power() { # HOST
  if runs "$1"; then
    kill -KILL "$(first_process "$1")"
    while kill -0 "$(<"$WORK/hosts/$1/pid")" 2>/dev/null; do sleep 0.1; done
  fi
  drop_cgroups "$1"
  unlink_host "$1"
}
unlink_host() { # HOST: its addresses go with it, also those that its programs took
  local link
  for link in $(ip -n "$NETWORK" -br link show | sed -nE "s/^($1\.[0-9]+)@.*/\1/p"); do
    # The kernel may have been about to remove it, with the host's own end.
    ip -n "$NETWORK" link del "$link" 2>/dev/null || true
  done
  ip netns del "$NAME-$1" 2>/dev/null || true
}
fresh() { # HOST
  cut_power "$1"
  rm -rf "$WORK/hosts/${1:?}"
  ssh-keygen -q -R "$(awk -v host="$1" '$1 == "name" && $3 == host { print $2 }' "$WORK/layout")" -f "$WORK/operator/.ssh/known_hosts" >/dev/null 2>&1 || true
  make "$1"
  await "$1"
}
drop_cgroups() { # HOST
  local group
  while read -r group; do
    [[ ! -d $group ]] || find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  done < <(cgroups "$1")
}
down() {
  local host
  if [[ -e $WORK/layout ]]; then
    for host in $(hosts); do cut_power "$host"; done
  fi
  ip netns del "$NETWORK" 2>/dev/null || true
  rm -rf "/etc/netns/${NETWORK:?}"
  rmdir /etc/netns 2>/dev/null || true
  if mountpoint -q "$WORK"; then umount -l "$WORK"; fi
  rmdir "$WORK" 2>/dev/null || true
}

[[ $(id -u) == 0 ]] || fail 'the laboratory needs root'
case ${1-} in
  up) up "$2" ;;
  on) on "${@:2}" ;;
  operator) operator "${@:2}" ;;
  cut) cut_power "$2" ;;
  boot) links "$2"; kernel_settings "$2"; start "$2"; await "$2" ;;
  fresh) fresh "$2" ;;
  boot-here) boot "$2" ;;
  hosts) hosts ;;
  down) down ;;
  *) fail "usage: lab/host.sh up TOPOLOGY | on HOST CMD... | operator CMD... | cut HOST | boot HOST | fresh HOST | hosts | down" ;;
esac
