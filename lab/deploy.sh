#!/usr/bin/env bash
# Deploys an example from nothing on simulated hosts, by the bundle's own runbook, and again; then looks at what came of it.
#
#   lab/deploy.sh EXAMPLE [--ansible | --kill PHASE...] [--keep]
#
# EXAMPLE is a name in examples/. --kill ends the deployment with kill -9 in each of these phases and runs it again; --keep leaves the hosts
# running. MAASC names the compiler, MAASC_LAB_RESULTS the file that a line of result is added to.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
EXAMPLE=${1:?an example}
shift
ANSIBLE='' KEEP='' KILLS=() RESULT=failed FIGURES=()
while (($#)); do
  case $1 in
    --ansible) ANSIBLE=1 ;;
    --keep) KEEP=1 ;;
    --kill) shift; read -ra KILLS <<<"$1" ;;
    *) fail "unknown option $1" ;;
  esac
  shift
done
TOPOLOGY=$LAB/../examples/$EXAMPLE.topology.yaml
MAASC=${MAASC:-$LAB/../.build/release/maasc}
[[ -x $MAASC ]] || MAASC=$LAB/../.build/debug/maasc
RESULTS=${MAASC_LAB_RESULTS:-/dev/null}
BUNDLE=$WORK/operator/bundle

figure() { # TEXT
  FIGURES+=("$1")
  say "$(printf '%4d s' "$SECONDS")  $1"
}
finish() {
  local status=$? how=deploy.sh
  trap - EXIT
  [[ -z ${WATCH-} ]] || kill "$WATCH" 2>/dev/null || true
  [[ -z $ANSIBLE ]] || how=ansible
  printf '| %s | %s | %s | %s |\n' "$EXAMPLE" "$how" "$RESULT" "$(printf '%s; ' "${FIGURES[@]}")" >>"$RESULTS"
  if [[ -z $KEEP ]]; then "$LAB/host.sh" down; fi
  exit "$status"
}
deploy() { # NAME OPTION...: the log of it stays in $WORK/NAME.log
  "$LAB/host.sh" operator env MAASC_LOG=/root/log "/root/bundle/runbook/deploy.sh" "${@:2}" >"$WORK/$1.log" 2>&1 </dev/null
}
must() { # NAME OPTION...
  deploy "$@" || { grep -A 8 -E '  failed |^[^0-9]' "$WORK/$1.log" | head -n 60 >&2; fail "$EXAMPLE: the run $1 failed"; }
}
count() { sed -nE "s/.* ([0-9]+) $2.*/\1/p" "$WORK/$1.log" | tail -n 1; } # NAME WORD: a number of its summary
api() { # through the address that clients use
  local url
  url=$(sed -n 's/^  url: *//p' "$TOPOLOGY" | head -n 1)
  "$LAB/host.sh" operator curl -skf -m 10 -o /dev/null "$url/rpc/"
}
verify_hosts() { # every host but the store, which is no part of the bundle
  local host bad=''
  for host in $("$LAB/host.sh" hosts); do
    [[ -e $BUNDLE/hosts/$host/verify.sh ]] || continue
    "$LAB/host.sh" on "$host" bash /var/lib/maasc/bundle/verify.sh >"$WORK/verify.$host" 2>&1 || { bad+=" $host"; cat "$WORK/verify.$host" >&2; }
  done
  [[ -z $bad ]] || fail "$EXAMPLE: verify.sh finds differences on$bad"
}
kill_in() { # PHASE: kill -9 to deploy.sh as soon as a step of that phase is at work
  local began=$SECONDS pid
  "$LAB/host.sh" operator env MAASC_LOG=/root/log bash -c 'echo $$ >/root/deploy.pid; exec /root/bundle/runbook/deploy.sh' \
    >"$WORK/kill.$1.log" 2>&1 </dev/null &
  pid=$!
  until grep -qE "\"event\":\"begin\".*\"step\":\"$1" "$WORK"/operator/log/*/run.jsonl 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || { tail -n 20 "$WORK/kill.$1.log" >&2; fail "the deployment ended before its phase $1"; }
    sleep 0.1
  done
  sleep 1.5
  kill -KILL "$(<"$WORK/operator/deploy.pid")"
  wait "$pid" 2>/dev/null || true
  rm -rf "$WORK/operator/log"
  figure "killed in $1 after $((SECONDS - began)) s"
  # The hosts' guards notice that their run is gone.
  sleep 3
}
by_ansible() { # NAME
  "$LAB/host.sh" operator env ANSIBLE_HOST_KEY_CHECKING=False ANSIBLE_NOCOLOR=1 \
    ansible-playbook -i /root/bundle/ansible/inventory.yaml /root/bundle/ansible/playbook.yaml >"$WORK/$1.log" 2>&1 </dev/null ||
    { tail -n 40 "$WORK/$1.log" >&2; fail "$EXAMPLE: the playbook failed"; }
}

trap finish EXIT
"$LAB/root.sh" >/dev/null
"$LAB/host.sh" up "$TOPOLOGY"
figure "$("$LAB/host.sh" hosts | wc -l) hosts up"
"$MAASC" compile "$TOPOLOGY" -o "$BUNDLE" >/dev/null
"$LAB/watch.sh" arguments "$WORK/arguments" &
WATCH=$!
for phase in "${KILLS[@]}"; do kill_in "$phase"; done
began=$SECONDS
if [[ -n $ANSIBLE ]]; then by_ansible first; else must first; fi
api || fail "$EXAMPLE: the API does not answer through the virtual address"
figure "deployed in $((SECONDS - began)) s, the API answers"
began=$SECONDS
must second
(($(count second applied) == 0)) || { grep '  applied' "$WORK/second.log" >&2; fail "$EXAMPLE: the second deployment changed something"; }
figure "the second run changed nothing in $((SECONDS - began)) s ($(count second unchanged) steps)"
verify_hosts
figure 'verify.sh is clean on every host'
kill "$WATCH" 2>/dev/null || true
if [[ -s $WORK/arguments ]]; then sort -u "$WORK/arguments" | head >&2; fail "$EXAMPLE: secrets among the arguments of programs"; fi
figure 'no secret among any arguments'
"$LAB/watch.sh" places >"$WORK/places"
grep -E ' journal$|/tmp/|/log/' "$WORK/places" >&2 && fail "$EXAMPLE: secrets in a log"
figure "secrets in $(wc -l <"$WORK/places") places, none a log"
RESULT=passed
