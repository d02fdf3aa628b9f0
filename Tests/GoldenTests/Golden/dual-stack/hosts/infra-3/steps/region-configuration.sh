#!/usr/bin/env bash
# Merge our keys into regiond.conf
#
# Host:    infra-3
# Why:     MAAS writes these files too: keys that are not ours stay. They hold a password, so they exist with their mode before MAAS fills them.
# After:   infra-3/packages-*, infra-1/region-*, infra-2/region-initialise
# Secrets: database; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash region-configuration.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-configuration.sh apply && sudo bash region-configuration.sh verify
# Back:    sudo bash region-configuration.sh rollback
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
FILES=$(cd "$(dirname "$0")/../files" && pwd)
STATE=/var/lib/maasc
SECRETS=/run/maasc/secrets
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
filled() { # PATH: each placeholder replaced, escaped for double quotes
  local rest done='' value
  rest=$(cat "$FILES$1" && printf x) || return 1
  while [[ $rest =~ @maasc:([^@]+)@ ]]; do
    value=$(secret "${BASH_REMATCH[1]}" | sed 's/[\\"]/\\&/g' && printf x) || return 1
    done+=${rest%%"${BASH_REMATCH[0]}"*}${value%x} rest=${rest#*"${BASH_REMATCH[0]}"}
  done
  printf '%s' "$done${rest%x}"
}
owned() { [[ -f $1 && ! -L $1 && $(stat -c %U:%G:%a "$1") == "$2:$3:$(printf %o "0$4")" ]]; } # PATH OWNER GROUP MODE
draft() { # PATH OWNER GROUP MODE: the filled file beside PATH, its mode first
  install -D -o "$2" -g "$3" -m "$4" /dev/null "$1.maasc-new"
  filled "$1" >"$1.maasc-new" || exit 1
}
replace() { # PATH: the draft takes its place, the old one stays as PATH.prev
  [[ ! -e $1 ]] || ln -fn "$1" "$1.prev"
  mv -fT "$1.maasc-new" "$1"
  say "installed $1"
}
flat() { # one line for each value of a flat YAML file, unquoted: "key: value", "key: - item"
  awk '/^#/ { next } match($0, /^[^ :-][^ :]*:/) { key = substr($0, 1, RLENGTH); $0 = substr($0, RLENGTH + 1) }
    { sub(/^ +/, ""); sub(/ +$/, ""); if ($0 == "") next; dash = sub(/^- +/, "") ? "- " : "" }
    /^".*"$/ { $0 = substr($0, 2, length($0) - 2); gsub(/\\"/, "\""); gsub(/\\\\/, "\\") }
    /^\047.*\047$/ { $0 = substr($0, 2, length($0) - 2); gsub(/\047\047/, "\047") } { print key " " dash $0 }'
}
merged_current() { # PATH OWNER GROUP MODE: our keys have our values
  owned "$@" && awk 'NR == FNR { want[$1] = want[$1] $0 RS; next } { have[$1] = have[$1] $0 RS }
    END { for (key in want) if (want[key] != have[key]) exit 1 }' <(filled "$1" | flat) <(flat <"$1")
}
merge_file() { # PATH OWNER GROUP MODE: our keys replace theirs, other keys stay
  if merged_current "$@"; then return; fi
  draft "$@"
  [[ ! -f $1 ]] || awk '!/^#/ && match($0, /^[^ :-][^ :]*:/) { key = substr($0, 1, RLENGTH); if (NR == FNR) ours[key] = 1 }
    NR > FNR && !/^#/ && !(key in ours)' "$FILES$1" "$1" >>"$1.maasc-new"
  replace "$1"
}
restore_file() { rm -f "$STATE/installed$1"; if [[ -e $1.prev ]]; then mv -fT "$1.prev" "$1"; else rm -f "$1"; fi; } # PATH
snap_mode() { cat /var/snap/maas/common/snap_mode 2>/dev/null || echo none; }
maas_merge() { # PATH OWNER GROUP MODE: our keys into a file of MAAS, and a note that MAAS must read it
  if merged_current "$@"; then return; fi
  touch "$STATE/maas-restart"
  merge_file "$@"
}
check() {
  [[ ! -e $STATE/maas-restart ]]
  merged_current /var/snap/maas/current/regiond.conf root root 640
}
apply() {
  maas_merge /var/snap/maas/current/regiond.conf root root 640
  if [[ -e $STATE/maas-restart ]] && [[ $(snap_mode) != none ]]; then
    snap restart maas
  fi
  rm -f "$STATE/maas-restart"
}
verify() {
  merged_current /var/snap/maas/current/regiond.conf root root 640
}
rollback() {
  restore_file /var/snap/maas/current/regiond.conf
  touch "$STATE/maas-restart"
  if [[ -e $STATE/maas-restart ]] && [[ $(snap_mode) != none ]]; then
    snap restart maas
  fi
  rm -f "$STATE/maas-restart"
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
    if ((status == 0)); then echo nothing to do: 'Merge our keys into regiond.conf'; exit 0; fi
    echo needed: 'Merge our keys into regiond.conf'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Merge our keys into regiond.conf'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  rollback) rollback ;;
  *) echo "usage: $0 check | plan | apply | verify | rollback" >&2; exit 64 ;;
esac
