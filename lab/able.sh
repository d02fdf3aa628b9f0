#!/usr/bin/env bash
# Whether this machine lets the laboratory run: succeeds, or prints in one line what is missing and fails.
set -euo pipefail
export LC_ALL=C

reason() { printf '%s\n' "$*"; exit 1; }
tried() { # WHAT CMD...: the command has to work
  local said
  said=$("${@:2}" 2>&1) || reason "$1: $(head -n 1 <<<"$said")"
}

[[ $(id -u) == 0 ]] || reason 'it needs root'
# Its hosts are made of the packages that this machine itself installs.
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$ID ${VERSION_CODENAME-}")
[[ $release == 'debian bookworm' ]] || reason "its hosts are made of Debian 12's packages, and this machine is $release"
for program in unshare ip nft systemd-nspawn debootstrap dpkg-scanpackages; do
  [[ -n $(PATH=$PATH:/usr/sbin:/sbin type -P "$program") ]] || reason "there is no $program; scripts/setup.sh lab installs it"
done
tried 'no namespaces may be made' unshare --mount --net --pid --uts --ipc --fork --mount-proc --propagation private true
tried 'no networks may be made' unshare --net sh -euc '
  ip link add left type veth peer name right; ip link add middle type bridge; ip link set left master middle; nft add table inet lab'
leave_no_groups() { find /sys/fs/cgroup/{systemd,unified}/maasc-able -depth -type d -exec rmdir {} \; 2>/dev/null || true; }
trap leave_no_groups EXIT
# The smallest host: a layer above this machine's own root, in which one program is the first process.
# shellcheck disable=SC2016 # expands in the namespace
tried 'no host may be booted' unshare --mount --propagation private bash -euc '
  work=$(mktemp -d)
  trap "umount -l $work; rmdir $work" EXIT
  mount -t tmpfs tmpfs "$work"
  mkdir "$work"/{up,work,root}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$work/up,workdir=$work/work" "$work/root"
  for group in /sys/fs/cgroup/{systemd,unified}/maasc-able; do
    mkdir -p "$group"
    echo $BASHPID >"$group/cgroup.procs"
  done
  systemd-nspawn -q -M maasc-able -D "$work/root" --private-network --register=no --keep-unit --console=pipe --as-pid2 true </dev/null'
