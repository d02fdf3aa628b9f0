#!/bin/bash
# The first process of a laboratory host, in namespaces of its own: this machine's files with a layer above them that stays when the host is
# switched off and on again. usage: host.sh DIRECTORY NAME
set -euo pipefail
cd "$1"
mkdir -p upper work root
mount -t overlay overlay -o "lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work" root
mount -t proc proc root/proc
mount --rbind /dev root/dev
mount -t tmpfs -o mode=755 tmpfs root/run
mount -t tmpfs -o mode=1777 tmpfs root/tmp
hostname "$2"
ip link set lo up
# Orphans become this shell's children, and it buries them: a dead server must not look alive to who asks for its process.
exec chroot root /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
  /bin/bash -c ': >/run/ready; trap "" TERM; while :; do sleep 3600 & wait; done'
