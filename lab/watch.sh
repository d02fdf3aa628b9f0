#!/usr/bin/env bash
# Looks for secrets where they must not be.
#
#   lab/watch.sh arguments FILE   until it is ended, notes every argument list of a process that holds a canary
#   lab/watch.sh places           prints where canaries stand: HOST SECRET PATH OWNER MODE
#   lab/watch.sh judge            prints those of them that lab/places does not allow, and fails if there are any
#
# A canary is a secret's value that lab/host.sh made: a word that begins with `Canary.`, or a line of a private key.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
WORDS='Canary\.[a-z-]+\.[0-9a-f]{16}'
# A line from the middle of the key, as a regular expression that does not match itself: the programs here have it among their arguments.
KEY=$(sed -n '8{s/[+]/\\+/g; s|^[A-Za-z0-9/]|[&]|; p}' "$WORK/canaries/.key" 2>/dev/null || true)
PATTERN=$WORDS${KEY:+|$KEY}

found() { # standard input FILE:CANARY becomes FILE SECRET, each once
  { sed -E "s#:Canary\\.([a-z-]+)\\.[0-9a-f]+\$# \\1#${KEY:+; s#:$KEY\$# key#}" || true; } | sort -u
}
on_disk() { # HOST: in what differs from the root that all hosts share
  local up=$WORK/hosts/$1/up file name
  # A host may hold none, and files go away while they are read.
  { grep -raEoH "$PATTERN" "$up" 2>/dev/null || true; } | found | while read -r file name; do
    file=${file#"$up"}
    echo "$1 $name $file $("$LAB/host.sh" on "$1" stat -c '%U:%G %a' "$file" </dev/null)"
  done
}
in_memory() { # HOST: what is no part of its disk
  { "$LAB/host.sh" on "$1" grep -raEoH "$PATTERN" /run /tmp /dev/shm --exclude-dir=own-sys 2>/dev/null </dev/null || true; } | found |
    while read -r file name; do echo "$1 $name $file memory -"; done
}
in_journal() { # HOST
  { "$LAB/host.sh" on "$1" journalctl --no-pager -o cat 2>/dev/null </dev/null || true; } | grep -aEo "$PATTERN" | sed 's/^/journal:/' | found |
    while read -r file name; do echo "$1 $name $file - -"; done || true
}
at_operator() { # in the bundle, and in what deployments said
  { grep -raEoH "$PATTERN" "$WORK/operator/bundle" "$WORK/operator/log" "$WORK"/*.log 2>/dev/null || true; } | found |
    while read -r file name; do echo "operator $name ${file#"$WORK"} - -"; done
}
places() {
  local host
  for host in $("$LAB/host.sh" hosts); do
    [[ $host != store ]] || continue
    on_disk "$host"
    in_memory "$host"
    in_journal "$host"
  done
  at_operator
}
judge() { # standard input: places
  local host name path owner mode bad=0
  while read -r host name path owner mode; do
    if ! allowed "$name" "$path" "$owner" "$mode"; then
      echo "$host: $name in $path ($owner $mode)"
      bad=1
    fi
  done
  return "$bad"
}
allowed() { # SECRET PATH OWNER MODE
  local name path owner mode
  while read -r name path owner mode; do
    if [[ $name == "$1" && $owner == "$3" && $mode == "$4" ]] && grep -qxE -- "$path" <<<"$2"; then return 0; fi
  done < <(grep -v '^#' "$LAB/places")
  return 1
}
case ${1-} in
  arguments) exec "$LAB/arguments.py" "$PATTERN" "$2" ;;
  places) places ;;
  judge) places | judge ;;
  *) fail "usage: lab/watch.sh arguments FILE | places | judge" ;;
esac
