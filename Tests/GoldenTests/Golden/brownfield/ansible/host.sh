#!/usr/bin/env bash
# Called by playbook.yaml on every host; not meant to be run by hand.
#
# Compiled by maasc from brownfield.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
accept() { # NAME CHARSET: passes a value on if every program that reads it survives it
  local value
  value=$(cat && printf x) || return 1
  value=${value%x}
  if [[ $2 == text ]]; then printf '%s' "$value"; [[ -n $value ]]; return; fi
  while [[ $value == *$'\n' || $value == *$'\r' ]]; do value=${value%?}; done
  if [[ -z $value ]]; then echo "the secret $1 is empty" >&2; return 1; fi
  if [[ $2 == unreserved && ! $value =~ ^[A-Za-z0-9._~-]+$ ]]; then
    echo "the secret $1 may hold only letters, digits and . _ ~ -, because several programs read it without quotes" >&2
    return 1
  fi
  printf '%s' "$value"
}
remote_receive() { # PATH: the host's part of the bundle from standard input; whole old or whole new
  rm -rf "$1.new" "$1.old"
  install -d -m 700 "$1.new"
  tar -C "$1.new" --no-same-owner -xf -
  [[ ! -e $1 ]] || mv -T "$1" "$1.old"
  mv -T "$1.new" "$1"
  rm -rf "$1.old"
}
remote_drift() { # BUNDLE: what was changed here since the last run installed it, and is not what this bundle wants
  local path record=/var/lib/maasc/installed
  [[ -d $record ]] || return 0
  find "$record" -type f -printf '%P\n' | sort | while IFS= read -r path; do
    if [[ ! -e /$path ]] || cmp -s "$record/$path" "/$path"; then continue; fi
    if cmp -s "$1/files/$path" "/$path"; then install -m 600 "/$path" "$record/$path"; continue; fi
    if grep -q '@maasc:' "$1/files/$path" 2>/dev/null; then
      echo "/$path was changed; it holds secrets, so compare it there with $record/$path"
    else
      diff -u --label "/$path as deployed" --label "/$path as it is" "$record/$path" "/$path" || true
    fi
  done
}
remote_history() { # the bundles that were deployed here, oldest first: DIGEST COMMIT
  cat /var/lib/maasc/deployed 2>/dev/null || true
}
remote_note() { # DIGEST COMMIT: this bundle is being deployed
  if [[ $(tail -n 1 /var/lib/maasc/deployed 2>/dev/null) != "$1 "* ]]; then (umask 022; echo "$1 $2" >>/var/lib/maasc/deployed); fi
}
remote_store() { # NAME: standard input becomes the secret's file
  umask 077
  mkdir -p /run/maasc/secrets
  cat >"/run/maasc/secrets/.$1"
  mv "/run/maasc/secrets/.$1" "/run/maasc/secrets/$1"
}
remote_read() { # NAME CHARSET CMD...: a secret that only this host can read
  "${@:3}" | accept "$1" "$2" | remote_store "$1"
}
remote_verify() { # BUNDLE
  bash "$1/verify.sh"
}
remote_step() { # VERB STEP SECONDS RUN BUNDLE
  [[ $(cat /run/maasc/run 2>/dev/null) == "$4" ]] || { echo "the lock of this host was lost: the connection was down for too long" >&2; return 1; }
  flock -o -w 30 -E 75 /run/maasc/step timeout -k 10 "$3" bash "$5/steps/$2.sh" "$1"
}
hold() { # RUN: until it is released or its time is over; then the host is free and knows no secret any more
  trap 'rm -rf /run/maasc/secrets /run/maasc/run /run/maasc/until' EXIT
  trap 'exit 1' HUP INT TERM
  while [[ $(cat /run/maasc/run 2>&1) == "$1" ]] && (($(date +%s) < $(cat /run/maasc/until))); do sleep 0.2 9>&-; done
}
claim() { # RUN SECONDS [DIGEST]: one run at a time; with DIGEST, only while that bundle is the last one
  [[ $(stat -f -c %T /run) == tmpfs ]] || { echo "/run is not on tmpfs: secrets would touch the disk" >&2; return 1; }
  install -d -m 700 /run/maasc /var/lib/maasc
  exec 9>/run/maasc/lock
  flock -w 5 9 || { echo "another run holds this host: $(cat /run/maasc/run); a run of Ansible that died lets it go by itself in time" >&2; return 1; }
  if [[ -n ${3-} && $(tail -n 1 /var/lib/maasc/deployed) != "$3 "* ]]; then
    echo "another bundle was deployed here since this run began" >&2
    return 1
  fi
  rm -rf /run/maasc/secrets
  echo "$(($(date +%s) + $2))" >/run/maasc/until
  echo "$1" >/run/maasc/run
  setsid bash -c "$(declare -f hold); hold \"\$1\"" - "$1" </dev/null >/dev/null 2>&1 &
}
release() { # RUN
  [[ $(cat /run/maasc/run 2>&1) == "$1" ]] || return 0
  rm -f /run/maasc/run
  exec 9>/run/maasc/lock
  flock -w 10 9
}
receive() { # BUNDLE: the host's part of it from standard input; says whether anything in it is new
  local old=''
  [[ ! -d $1 ]] || old=$(cd "$1" && find . -type f -exec sha256sum {} + | sort)
  base64 -d | gzip -d | remote_receive "$1"
  if [[ $(cd "$1" && find . -type f -exec sha256sum {} + | sort) != "$old" ]]; then echo replaced; fi
}
store() { # NAME CHARSET DRY: standard input becomes the secret's file; a value that is not there yet does not stop a dry run
  local value
  value=$(cat && printf x)
  if [[ $3 == dry && $value == x ]]; then return; fi
  printf '%s' "${value%x}" | accept "$1" "$2" | remote_store "$1"
}

case ${1-} in
  claim) claim "${@:2}" ;;
  release) release "$2" ;;
  history) remote_history ;;
  receive) receive "$2" ;;
  drift) remote_drift "$2" ;;
  note) remote_note "${@:2}" ;;
  store) store "${@:2}" ;;
  read) remote_read "${@:2}" ;;
  step) remote_step "${@:2}" ;;
  verify) remote_verify "$2" ;;
  *) echo "usage: $0 claim | release | history | receive | drift | note | store | read | step | verify" >&2; exit 64 ;;
esac
