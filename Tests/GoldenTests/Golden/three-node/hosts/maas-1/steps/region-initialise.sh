#!/usr/bin/env bash
# Make this host a MAAS region+rack
#
# Host:    maas-1
# Why:     The first region creates the database's schema, while no other region is there.
# After:   maas-1/region-configuration
# Secrets: database; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash region-initialise.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash region-initialise.sh apply && sudo bash region-initialise.sh verify
# Back:    only while nothing uses this MAAS: snap remove --purge maas, and drop the database
#
# Compiled by maasc from three-node.topology.yaml: edits belong there.

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
unit_active() { systemctl is-active --quiet "$1"; }
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
snap_mode() { cat /var/snap/maas/common/snap_mode 2>/dev/null || echo none; }
maas_merge() { # PATH OWNER GROUP MODE: our keys into a file of MAAS, and a note that MAAS must read it
  if merged_current "$@"; then return; fi
  touch "$STATE/maas-restart"
  merge_file "$@"
}
check() {
  [[ $(snap_mode) == region+rack ]]
  unit_active snap.maas.pebble.service
}
apply() {
  case $(snap_mode) in
    none)
      PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT 1' >/dev/null || fail 'PostgreSQL does not answer maas at 192.0.2.10:5432'
      tables=$(PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT to_regclass('\''public.maasserver_node'\'') IS NOT NULL')
      if [[ $tables == t ]]; then
        known=$(PGPASSWORD=$(secret database) PGCONNECT_TIMEOUT=10 psql -XAtq -v ON_ERROR_STOP=1 -h 192.0.2.10 -p 5432 -U maas -d maasdb -c 'SELECT count(*) FROM maasserver_node WHERE node_type IN (3, 4)')
        ((known == 0)) || fail "the database holds $known region controllers, and this host is none of them: name one of theirs first under regions, or restore this host"
      fi
      said=$(timeout 1800 maas init region+rack --maas-url http://maas.example.net/MAAS <<<postgres://maas":$(secret database)"@192.0.2.10:5432/maasdb 2>&1 | head -c 65536) ||
        fail "maas init: $(tail -n 20 <<<"$said")"
      ;;
    region+rack) ;;
    *) fail "this host is a MAAS $(snap_mode), the topology wants region+rack: 'maas init --force' would change it, and drops its certificates" ;;
  esac
  maas_merge /var/snap/maas/current/rackd.conf root root 640
  if [[ -e $STATE/maas-restart ]] && [[ $(snap_mode) != none ]]; then
    snap restart maas
  fi
  rm -f "$STATE/maas-restart"
  snap start maas
}
verify() {
  [[ $(snap_mode) == region+rack ]]
  unit_active snap.maas.pebble.service
}
export_value() {
  snap list maas | awk 'NR == 2 { print $3 }'
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
    if ((status == 0)); then echo nothing to do: 'Make this host a MAAS region+rack'; exit 0; fi
    echo needed: 'Make this host a MAAS region+rack'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Make this host a MAAS region+rack'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  export) export_value ;;
  *) echo "usage: $0 check | plan | apply | verify | export" >&2; exit 64 ;;
esac
