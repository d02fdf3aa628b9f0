#!/usr/bin/env bash
# Looks for secrets where they must not be.
#
#   lab/watch.sh arguments FILE   until it is ended, notes every argument list and environment of a process that holds a canary
#   lab/watch.sh places           prints every file and journal entry of the hosts that holds one
#
# A canary is a secret's value that lab/host.sh made: it begins with `Canary.`.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
PATTERN='Canary\.[a-z-]+\.[0-9a-f]{16}'

arguments() { # FILE: one line for each program that had a canary among its arguments
  while :; do
    # Processes come and go while they are read.
    grep -aEl "$PATTERN" /proc/[0-9]*/cmdline 2>/dev/null | while read -r file; do
      tr '\0' ' ' <"$file" 2>/dev/null | sed -E "s/$PATTERN/CANARY/g" | cut -c1-200
    done >>"$1" || true
    sleep 0.05
  done
}
places() { # HOST NAME-OF-CANARY PATH, sorted
  local host
  for host in $("$LAB/host.sh" hosts); do
    # A host may hold none, and files go away while they are read.
    { grep -raEoH "$PATTERN" "$WORK/hosts/$host/up" 2>/dev/null || true; } |
      sed -E "s|^$WORK/hosts/$host/up([^:]*):Canary\.([a-z-]+)\..*|$host \2 \1|" | sort -u
    "$LAB/host.sh" on "$host" journalctl --no-pager -o cat 2>/dev/null | grep -aEo "$PATTERN" | sed -E "s/Canary\.([a-z-]+)\..*/$host \1 journal/" | sort -u || true
  done
}
case ${1-} in
  arguments) arguments "$2" ;;
  places) places ;;
  *) fail "usage: lab/watch.sh arguments FILE | places" ;;
esac
