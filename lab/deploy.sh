#!/usr/bin/env bash
# Deploys an example from nothing on simulated hosts, by the bundle's own runbook, and again; then looks at what came of it.
#
#   lab/deploy.sh EXAMPLE [--ansible | --kill PHASE...] [--options] [--keep]
#
# EXAMPLE is a name in examples/ or lab/topologies/, or a file. --kill ends the deployment with kill -9 in each of these phases and runs it again; --options
# tries those of runbook/deploy.sh afterwards (lab/runbook.sh); --keep leaves the hosts running. MAASC names the compiler, MAASC_LAB_RESULTS the
# file that a line of result is added to, MAASC_LAB_STATES a folder for the state that each example ends in: what comes later has to end in the same.
# shellcheck source=lab/common.sh
. "$(dirname "$0")/common.sh"
EXAMPLE=${1:?an example}
shift
ANSIBLE='' OPTIONS='' KEEP='' KILLS=() RESULT=failed FIGURES=()
while (($#)); do
  case $1 in
    --ansible) ANSIBLE=1 ;;
    --options) OPTIONS=1 ;;
    --keep) KEEP=1 ;;
    --kill) shift; read -ra KILLS <<<"$1" ;;
    *) fail "unknown option $1" ;;
  esac
  shift
done
TOPOLOGY=$(topology_of "$EXAMPLE")
EXAMPLE=$(basename "$EXAMPLE" .topology.yaml)
MAASC=${MAASC:-$LAB/../.build/release/maasc}
[[ -x $MAASC ]] || MAASC=$LAB/../.build/debug/maasc
RESULTS=${MAASC_LAB_RESULTS:-/dev/null}
STATES=${MAASC_LAB_STATES-}
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
  "$LAB/host.sh" operator curl -skf -m 10 -o /dev/null "$(url_of "$TOPOLOGY")/rpc/"
}
verify_hosts() { # every host but the store, which is no part of the bundle
  local host bad=''
  for host in $("$LAB/host.sh" hosts); do
    [[ -e $BUNDLE/hosts/$host/verify.sh ]] || continue
    "$LAB/host.sh" on "$host" bash /var/lib/maasc/bundle/verify.sh >"$WORK/verify.$host" 2>&1 || { bad+=" $host"; cat "$WORK/verify.$host" >&2; }
  done
  [[ -z $bad ]] || fail "$EXAMPLE: verify.sh finds differences on$bad"
}
judge() { # what MAAS and PostgreSQL themselves say
  local line
  python3 "$LAB/judge.py" "$TOPOLOGY" >"$WORK/judged" || fail "$EXAMPLE: MAAS or PostgreSQL is not as the topology wants it"
  while read -r line; do figure "$line"; done <"$WORK/judged"
}
options() {
  "$LAB/runbook.sh" "$TOPOLOGY" >"$WORK/options" || { cat "$WORK/options"; fail "$EXAMPLE: deploy.sh does not do what its options say"; }
  while read -r line; do figure "$line"; done <"$WORK/options"
}
same_state() {
  if [[ -z $STATES ]]; then return; fi
  WORK=$WORK python3 "$LAB/state.py" "$TOPOLOGY" >"$WORK/state"
  if [[ ! -e $STATES/$EXAMPLE ]]; then cp "$WORK/state" "$STATES/$EXAMPLE"; return; fi
  diff -U0 "$STATES/$EXAMPLE" "$WORK/state" >"$WORK/state.diff" ||
    { grep -v '^@@' "$WORK/state.diff" | head -n 60 >&2; fail "$EXAMPLE: the state is not that of an undisturbed deployment"; }
  figure "the same state as after an undisturbed deployment, in $(wc -l <"$WORK/state") particulars"
}
kill_in() { # PHASE: kill -9 to deploy.sh as soon as a step of that phase is at work
  local began=$SECONDS ended pid
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
  ended=$SECONDS
  await_freedom || fail "killed in $1, a host stays locked or keeps secrets"
  figure "killed in $1 after $((ended - began)) s, every host free and without secrets $((SECONDS - ended)) s later"
}
await_freedom() { # every host notices by itself that its run is gone
  local host deadline=$((SECONDS + 90))
  for host in $("$LAB/host.sh" hosts); do
    until "$LAB/host.sh" on "$host" sh -c '! [ -e /run/maasc/run ] && ! [ -e /run/maasc/secrets ]'; do
      ((SECONDS < deadline)) || return 1
      sleep 0.5
    done
  done
}
by_ansible() { # NAME
  local peak
  : >"$WORK/at-work"
  watch_steps >"$WORK/at-work" 2>/dev/null &
  peak=$!
  "$LAB/host.sh" operator env LC_ALL=C.UTF-8 ANSIBLE_HOST_KEY_CHECKING=False ANSIBLE_NOCOLOR=1 \
    ansible-playbook -i /root/bundle/ansible/inventory.yaml /root/bundle/ansible/playbook.yaml >"$WORK/$1.log" 2>&1 </dev/null ||
    { kill "$peak"; tail -n 40 "$WORK/$1.log" >&2; fail "$EXAMPLE: the playbook failed"; }
  kill "$peak"
}
watch_steps() { # on how many hosts a step is applied, again and again
  local host pid own
  own=$(for host in $("$LAB/host.sh" hosts); do "$LAB/host.sh" on "$host" readlink /proc/self/ns/pid; done)
  while sleep 0.2; do
    { pgrep -f '^bash /var/lib/maasc/bundle/steps/.*\.sh apply$' || true; } | while read -r pid; do readlink "/proc/$pid/ns/pid" || true; done |
      sort -u | grep -cxF "$own" || true
  done
}
recapped() { awk -v word="$2=" '/ok=/ { for (i = 1; i <= NF; i++) if (index($i, word) == 1) sum += substr($i, length(word) + 1) } END { print sum + 0 }' "$WORK/$1.log"; } # NAME WORD

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
if [[ -n $ANSIBLE ]]; then
  figure "steps at work on $(sort -n "$WORK/at-work" | tail -n 1) hosts at once"
  began=$SECONDS
  by_ansible again
  (($(recapped again changed) == 0)) || { grep -B 3 '^changed' "$WORK/again.log" >&2; fail "$EXAMPLE: the second playbook run changed something"; }
  figure "the second playbook run changed=0 in $((SECONDS - began)) s"
fi
began=$SECONDS
must second
(($(count second applied) == 0)) || { grep '  applied' "$WORK/second.log" >&2; fail "$EXAMPLE: the second deployment changed something"; }
figure "the second run changed nothing in $((SECONDS - began)) s ($(count second unchanged) steps)"
verify_hosts
figure 'verify.sh is clean on every host'
judge
same_state
if [[ -n $OPTIONS ]]; then options; fi
kill "$WATCH" 2>/dev/null || true
# MAAS' own command has no other way; the token in it is for one use.
if grep -v 'maas config-vault configure' "$WORK/arguments" | sort -u | head | grep . >&2; then fail "$EXAMPLE: secrets among the arguments of programs"; fi
figure 'no secret among any arguments'
"$LAB/watch.sh" judge >&2 || fail "$EXAMPLE: secrets where none may be"
figure "$(awk '$1 == "secret"' "$WORK/layout" | wc -l) secrets, on the hosts only where lab/places allows"
RESULT=passed
