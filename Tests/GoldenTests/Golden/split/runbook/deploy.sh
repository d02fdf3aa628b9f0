#!/usr/bin/env bash
# Deploys prague: runs the steps of every host in their order, over ssh.
#
# runbook/deploy.sh --help lists the options; --dry-run shows what would change.
#
# Compiled by maasc from split.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 077
HOSTS=(infra-1 infra-2 infra-3 db-1 db-2 rack-a1 rack-a2)
target() { # HOST: sets ADDRESS and OPTIONS
  case $1 in
    infra-1) ADDRESS=10.20.0.11 OPTIONS=() ;;
    infra-2) ADDRESS=10.20.0.12 OPTIONS=() ;;
    infra-3) ADDRESS=10.20.0.13 OPTIONS=() ;;
    db-1) ADDRESS=10.20.0.21 OPTIONS=() ;;
    db-2) ADDRESS=10.20.0.22 OPTIONS=() ;;
    rack-a1) ADDRESS=10.20.0.31 OPTIONS=() ;;
    rack-a2) ADDRESS=10.20.0.32 OPTIONS=() ;;
    *) fail "there is no host $1 in this topology" ;;
  esac
}
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
# MAASC_SSH may name another program than ssh, or hold further options.
read -ra SSH <<<"${MAASC_SSH:-ssh}"
WORK=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/maasc.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
SSH+=(-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=10 -o ServerAliveCountMax=3)
SHARED=(-o ControlMaster=auto -o ControlPersist=30 -o "ControlPath=$WORK/%C")
packed() { # CMD...: the command as root, as one word of letters that every login shell leaves alone, csh and fish too
  local word
  {
    printf 'set --'
    for word; do printf " '%s'" "${word//\'/\'\\\'\'}"; done
    echo
    echo "if [ \"\$(id -u)\" = 0 ]; then exec \"\$@\"; else exec sudo -n -- \"\$@\"; fi"
  } | base64 | tr -d '\n'
}
on() { # HOST CMD...: as root on HOST, standard input passed on
  local ADDRESS OPTIONS connection=("${SHARED[@]}")
  target "$1"
  shift
  [[ -z ${FRESH-} ]] || connection=(-o ControlPath=none)
  "${SSH[@]}" "${connection[@]}" "${OPTIONS[@]}" -- "$ADDRESS" "exec sh -c 'code=\$(echo $(packed "$@") | base64 -d) && eval \"\$code\"'"
}
put() { # HOST PATH MODE: standard input becomes the file
  on "$1" sh -c "install -D -m \"\$2\" /dev/null \"\$1.maasc-new\" && cat >\"\$1.maasc-new\" && mv -f \"\$1.maasc-new\" \"\$1\"" - "$2" "$3"
}
steps() { # in their order, a blank line between waves: HOST PHASE-NAME SECONDS SECRETS [new-login]
  cat <<'END'
infra-1 preflight-identity 600 -
infra-2 preflight-identity 600 -
infra-3 preflight-identity 600 -
db-1 preflight-identity 600 -
db-2 preflight-identity 600 -
rack-a1 preflight-identity 600 -
rack-a2 preflight-identity 600 -

infra-1 preflight-conflicts 600 -
infra-2 preflight-conflicts 600 -
infra-3 preflight-conflicts 600 -
db-1 preflight-surroundings 600 -
db-2 preflight-surroundings 600 -
rack-a1 preflight-conflicts 600 -
rack-a2 preflight-conflicts 600 -

infra-1 preflight-surroundings 600 -
infra-2 preflight-surroundings 600 -
infra-3 preflight-surroundings 600 -
rack-a1 preflight-surroundings 600 -
rack-a2 preflight-surroundings 600 -

infra-1 preflight-idle 600 -

infra-1 packages-sysctl 600 -
infra-2 packages-sysctl 600 -
db-1 packages-postgresql-no-cluster 600 -
db-2 packages-postgresql-no-cluster 600 -
infra-3 packages-postgresql-no-cluster 600 -
rack-a1 packages-install 1800 -
rack-a2 packages-install 1800 -

rack-a1 packages-maas 1800 -
rack-a2 packages-maas 1800 -
infra-1 packages-install 1800 -
infra-2 packages-install 1800 -
infra-3 packages-install 1800 -
db-1 packages-install 1800 -
db-2 packages-install 1800 -

infra-1 packages-maas 1800 -
infra-2 packages-maas 1800 -
infra-3 packages-maas 1800 -
db-1 database-postgresql-role 600 replication
db-2 database-postgresql-role 600 replication

db-1 database-postgresql-configure 600 -
db-2 database-postgresql-configure 600 -
infra-3 backup-backup-key 600 -

db-1 database-postgresql-cluster 7200 -
infra-1 backup-backup-source 600 backup-public-key
infra-2 backup-backup-source 600 backup-public-key
infra-3 backup-backup-source 600 backup-public-key
db-2 backup-backup-source 600 backup-public-key
rack-a1 backup-backup-source 600 backup-public-key
rack-a2 backup-backup-source 600 backup-public-key

db-1 database-postgresql-database 600 database,replication

db-2 database-postgresql-cluster 7200 -
db-1 backup-backup-source 600 backup-public-key

db-2 database-postgresql-database 600 database,replication

db-1 database-postgresql-restart-standby 600 -

db-2 database-postgresql-restart-standby 600 -

db-1 database-postgresql-restart-primary 600 -

db-2 database-postgresql-restart-primary 600 -

db-1 database-postgresql-restart-lowered 600 -

db-2 database-postgresql-restart-lowered 600 -

infra-1 balancer-haproxy 600 -

infra-2 balancer-haproxy 600 -

infra-1 balancer-keepalived 600 -

infra-2 balancer-keepalived 600 -

infra-1 balancer-virtual-address 600 -

infra-1 balancer-database-endpoint 600 database
infra-2 balancer-database-endpoint 600 database
infra-3 balancer-database-endpoint 600 database

infra-1 region-configuration 600 database

infra-1 region-initialise 2400 database

infra-1 region-migrate 4500 -

infra-1 region-admin 600 admin

infra-2 region-configuration 600 database

infra-2 region-revision 600 maas-revision

infra-2 region-initialise 2400 database

infra-3 region-configuration 600 database

infra-3 region-revision 600 maas-revision

infra-3 region-initialise 2400 database

infra-1 hold-snaps 600 -
infra-2 hold-snaps 600 -
infra-3 hold-snaps 600 -
db-1 hold-packages 600 -
db-2 hold-packages 600 -
rack-a1 hold-snaps 600 -
rack-a2 hold-snaps 600 -

infra-1 hold-packages 600 -
infra-2 hold-packages 600 -

infra-1 networks-settings 900 -

infra-1 networks-fabric-fabric-1 3600 -

rack-a1 rack-configuration 600 -
rack-a2 rack-configuration 600 -

rack-a1 rack-register 600 maas-rack-secret
rack-a2 rack-register 600 maas-rack-secret

infra-1 rack-connected 1800 -

rack-a1 dhcp-foreign-servers 120 -
infra-3 backup-backup 600 -

infra-1 dhcp-fabric-1.provisioning 1800 -
infra-3 backup-backup-restore-test 7200 -

rack-a1 dhcp-fabric-1.provisioning.normal 900 -

infra-1 dhcp-fabric-1.office 900 -

infra-1 images-import 7500 -

infra-1 firewall-load 600 -

infra-1 firewall-keep 600 - new-login

infra-2 firewall-load 600 -

infra-2 firewall-keep 600 - new-login

infra-3 firewall-load 600 -

infra-3 firewall-keep 600 - new-login

db-1 firewall-load 600 -

db-1 firewall-keep 600 - new-login

db-2 firewall-load 600 -

db-2 firewall-keep 600 - new-login

rack-a1 firewall-load 600 -

rack-a1 firewall-keep 600 - new-login

rack-a2 firewall-load 600 -

rack-a2 firewall-keep 600 - new-login

infra-1 acceptance-installation 600 -
db-1 acceptance-replication 600 -
db-2 acceptance-replication 600 -
rack-a1 acceptance-services 600 -
rack-a2 acceptance-services 600 -
END
}
secret_source() { # NAME: sets READER (operator or host, with each- for one use; carried), CHARSET, and COMMAND (carried: HOST PHASE-NAME)
  case $1 in
    replication) READER=operator CHARSET=unreserved COMMAND=(vault kv get -field=password maas/replication) ;;
    database) READER=operator CHARSET=unreserved COMMAND=(cat /root/secrets/maas-database) ;;
    maas-revision) READER=carried CHARSET=any COMMAND=(infra-1 region-initialise) ;;
    maas-rack-secret) READER=carried CHARSET=any COMMAND=(infra-1 region-migrate) ;;
    admin) READER=operator CHARSET=any COMMAND=(printenv MAAS_ADMIN_PASSWORD) ;;
    backup-public-key) READER=carried CHARSET=any COMMAND=(infra-3 backup-backup-key) ;;
    *) echo "there is no secret $1 in this bundle" >&2; return 1 ;;
  esac
}
sent_folder() { # HOST/PHASE-NAME: sets FOLDER, of this machine, and PLACE, where that step's host wants a copy of it
  case $1 in
    *) FOLDER='' PLACE='' ;;
  esac
}
usage() {
  cat <<'END'
Deploys this bundle: every step in its order, several hosts at a time. Run it again at any time: what is done is left alone.

runbook/deploy.sh [options]
  --dry-run        shows what would change, changes nothing
  --from STEP      begins there
  --to STEP        ends there
  --only STEP      that one (may be given several times)
  --host HOST      only on that host (may be given several times)
  --parallel N     hosts at a time, default 8
  --allow-older    deploys although a host has had a newer bundle
  --overwrite      deploys although files were changed on a host; each old file stays as FILE.prev

STEP is a step (HOST/PHASE-NAME), a step of every host that has it (PHASE-NAME) or a phase (PHASE).
MAASC_SSH names another ssh, or adds options to it; MAASC_LOG is the folder for logs;
MAASC_SETTLE is for how many seconds verify.sh may still find differences at the end, default 60.
Ends with 0: deployed, and verify.sh finds no difference; 1: stopped or different, the reason is above; 64: wrong usage.
END
}

DRY='' FROM='' TO='' ONLY=() CHOSEN=() PARALLEL=8 OLDER='' OVERWRITE=''
while (($#)); do
  case $1 in
    --from | --to | --only | --host | --parallel) (($# > 1)) || { echo "$1 wants a value" >&2; exit 64; } ;;
  esac
  case $1 in
    --dry-run) DRY=1 ;;
    --from) FROM=$2; shift ;;
    --to) TO=$2; shift ;;
    --only) ONLY+=("$2"); shift ;;
    --host) target "$2"; CHOSEN+=("$2"); shift ;;
    --parallel) PARALLEL=$2; shift ;;
    --allow-older) OLDER=1 ;;
    --overwrite) OVERWRITE=1 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "unknown option $1; see --help" >&2; exit 64 ;;
  esac
  shift
done
[[ $PARALLEL =~ ^[1-9][0-9]?[0-9]?$ ]] || { echo "--parallel wants a number from 1 to 999, not $PARALLEL" >&2; exit 64; }

matches() { [[ "$1/$2" == "$3" || $2 == "$3" || $2 == "$3"-* ]]; } # HOST STEP WORD
wanted() { # HOST STEP: true if the options ask for it
  local word
  if ((${#CHOSEN[@]})) && ! printf '%s\n' "${CHOSEN[@]}" | grep -qxF -e "$1"; then return 1; fi
  ((${#ONLY[@]})) || return 0
  for word in "${ONLY[@]}"; do if matches "$1" "$2" "$word"; then return 0; fi; done
  return 1
}
select_steps() { # fills PLAN with the lines of `steps`, an empty element between waves
  local host step secrets begun='' last=0 word all=()
  [[ -n $FROM ]] || begun=1
  mapfile -t all < <(steps)
  for word in "${!all[@]}"; do
    read -r host step _ <<<"${all[word]}"
    if [[ -n $TO && -n $step ]] && matches "$host" "$step" "$TO"; then last=$((word + 1)); fi
  done
  if [[ -n $TO ]]; then ((last)) || fail "--to $TO: there is no such step"; all=("${all[@]:0:last}"); fi
  for word in "${all[@]}"; do
    read -r host step _ secrets _ <<<"$word"
    if [[ -z $step ]]; then PLAN+=(''); continue; fi
    if [[ -z $begun ]] && matches "$host" "$step" "$FROM"; then begun=1; fi
    if [[ -n $begun ]] && wanted "$host" "$step"; then
      PLAN+=("$word") TOTAL=$((TOTAL + 1)) USED[$host]=1
      use_exporters "$secrets"
    fi
  done
  ((TOTAL)) || fail "no step of this bundle is meant by these options; runbook/steps.json lists them"
}
use_exporters() { # A,B: the hosts that hand out carried values take part too
  local name READER CHARSET COMMAND
  for name in $(names "$1"); do
    secret_source "$name"
    [[ $READER != carried ]] || USED[${COMMAND[0]}]=1
  done
}
clock() { printf '%02d:%02d:%02d' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60)); }
show() { # TEXT...: a line of progress, above the line of state that a terminal has
  [[ ! -t 1 ]] || printf '\r\033[K'
  printf '%s  %s\n' "$(clock "$SECONDS")" "$*"
}
state() { [[ ! -t 1 ]] || printf '\r\033[K%.*s' "$((${COLUMNS:-$(tput cols 2>/dev/null || echo 80)} - 1))" "$(clock "$SECONDS")  $*"; } # TEXT...
json() { # TEXT: as a JSON value
  local text=$1
  if [[ $text =~ ^(0|[1-9][0-9]{0,8})$ ]]; then printf '%s' "$text"; return; fi
  text=${text//\\/\\\\} text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//$'\t'/\\t}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}
event() { # NAME [KEY VALUE]...: a line of the machine-readable log
  local line
  line=$(TZ=UTC0 printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","event":"%s"' -1 "$1")
  shift
  while (($#)); do
    line+=",\"$1\":$(json "$2")"
    shift 2
  done
  printf '%s}\n' "$line" >>"$LOG/run.jsonl"
}
title() { sed -n '2s/^# //p' "$BUNDLE/hosts/$1/steps/$2.sh"; } # HOST STEP
redact() { # standard input without the value of any secret
  local line value
  while IFS= read -r line || [[ -n $line ]]; do
    for value in "${VALUE[@]}"; do line=${line//"$value"/***}; done
    printf '%s\n' "$line"
  done
}
summary() { # STATUS
  local outcome word=stopped
  if [[ $1 == 0 ]]; then word=finished; elif [[ -e $WORK/verify ]]; then word="finished, but with differences"; fi
  show "$word: ${COUNT[applied]} applied, ${COUNT[unchanged]} unchanged, ${COUNT[needed]} would change, ${COUNT[failed]} failed," \
    "$((TOTAL - COUNT[applied] - COUNT[unchanged] - COUNT[needed] - COUNT[failed])) not reached"
  if grep -qs '^[1-9]' "$WORK/times"; then
    say "          the longest:"
    grep -v '^0 ' "$WORK/times" | sort -rn | head -n 5 | while read -r outcome; do say "          $(clock "${outcome%% *}")  ${outcome#* }"; done
  fi
  say "          log: $LOG"
  event end status "$1" applied "${COUNT[applied]}" unchanged "${COUNT[unchanged]}" needed "${COUNT[needed]}" failed "${COUNT[failed]}" seconds "$SECONDS"
}
declare -A VALUE=() # name -> value; never exported, never an argument of a program
names() { if [[ $1 != - ]]; then tr , '\n' <<<"$1"; fi; } # A,B: one on each line
resolve_declared() { # asks for every secret of the operator's machine that the chosen steps need, before any host is touched
  local name READER CHARSET COMMAND failed=''
  for name in $(printf '%s\n' "${PLAN[@]}" | awk 'NF { print $4 }' | tr , '\n' | sort -u); do
    [[ $name != - ]] || continue
    secret_source "$name"
    [[ $READER == operator ]] || continue
    VALUE[$name]=$("${COMMAND[@]}" </dev/null | accept "$name" "$CHARSET") || { failed=1; echo "the secret $name could not be read: ${COMMAND[0]}" >&2; }
  done
  [[ -z $failed ]] || fail "nothing was changed"
}
fetch_carried() { # A,B: values that a step on another host exports, once the steps before it are done
  local name READER CHARSET COMMAND
  for name in $(names "$1"); do
    secret_source "$name"
    if [[ $READER != carried || -n ${VALUE[$name]-} ]]; then continue; fi
    VALUE[$name]=$(remote "${COMMAND[0]}" remote_step export "${COMMAND[1]}" 120 "$RUN" "$REMOTE" </dev/null | accept "$name" "$CHARSET") || {
      unset "VALUE[$name]"
      [[ -n $DRY ]] || { echo "${COMMAND[0]} does not hand out $name yet" >&2; return 1; }
    }
  done
}
own_secrets() { # HOST: what its chosen steps use, as A,B
  printf '%s\n' "${PLAN[@]}" | awk -v host="$1" '$1 == host && $4 != "-" { print $4 }' | tr , '\n' | sort -u | paste -sd , -
}
send_secrets() { # HOST A,B WHEN: first for those of the host itself, early, or late for those that are good for one use
  local name READER CHARSET COMMAND
  for name in $(names "$2"); do
    secret_source "$name"
    [[ ! -e $WORK/sent/$1/$name ]] || continue
    case $READER.$3 in
      operator.early | carried.early) [[ -n ${VALUE[$name]-} ]] || continue; printf '%s' "${VALUE[$name]}" | remote "$1" remote_store "$name" ;;
      each-operator.late) MAASC_HOST=$1 "${COMMAND[@]}" </dev/null | accept "$name" "$CHARSET" | remote "$1" remote_store "$name" ;;
      host.first | host.early | each-host.late) remote "$1" remote_read "$name" "$CHARSET" "${COMMAND[@]}" </dev/null ;;
      *) continue ;;
    esac || { echo "the secret $name did not get to $1" >&2; return 1; }
    mkdir -p "$WORK/sent/$1"
    : >"$WORK/sent/$1/$name"
  done
}
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
# What runs on a host: these functions are sent as text.
remote_guard() { # RUN: one run at a time; when the connection ends or is silent for a minute, the host is free and knows no secret any more
  local beats=0 tries=0 traces=(/run/maasc/secrets /run/maasc/bundle /run/maasc/run)
  [[ $(stat -f -c %T /run) == tmpfs ]] || { echo "/run is not on tmpfs: secrets would touch the disk" >&2; return 1; }
  install -d -m 700 /run/maasc /var/lib/maasc
  exec 9>/run/maasc/lock
  until flock -n 9; do # a run that was killed is noticed within a second or two
    tries=$((tries + 1))
    ((tries < 25)) || { echo "another run holds this host: $(cat /run/maasc/run)" >&2; return 1; }
    sleep 0.2
  done
  trap 'rm -rf /run/maasc/secrets /run/maasc/bundle /run/maasc/run' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  rm -rf "${traces[@]}"
  echo "$1" >/run/maasc/run
  if [[ -d /run/systemd/system ]]; then # wipes also when this process is killed
    systemctl stop maasc-wipe.timer 2>/dev/null || true
    systemd-run --quiet --unit=maasc-wipe --on-active=20min rm -rf "${traces[@]}" 9>&-
  fi
  echo locked
  while read -r -t 60 _; do
    beats=$((beats + 1))
    if ((beats % 100 == 0)) && [[ -d /run/systemd/system ]]; then systemctl restart maasc-wipe.timer 9>&-; fi
  done
  if [[ -d /run/systemd/system ]]; then systemctl stop maasc-wipe.timer 2>/dev/null 9>&- || true; fi
}

remote() { # HOST FUNCTION ARGUMENT...
  on "$1" bash -c "set -euo pipefail; shopt -s inherit_errexit; export LC_ALL=C; $(declare -f accept remote_store "$2"); \"\$@\"" - "${@:2}"
}
guard() { # HOST: holds its lock for as long as this run lives, also if it is killed
  {
    while [[ -e $WORK/alive ]] && kill -0 "$$" 2>/dev/null; do
      # One that was killed and that nobody waits for seems to live. Asked seldom, because each host has such a loop.
      ((SECONDS % 10)) || [[ $(ps -o stat= -p "$$" 2>/dev/null) != Z* ]] || break
      echo
      sleep 1
    done
  } | remote "$1" remote_guard "$RUN" >"$WORK/guard/$1" 2>"$WORK/guard/$1.error" || true
  : >"$WORK/guard/$1.end"
}
look_for_folders() { # those that the chosen steps send, before any host is touched
  local host step FOLDER PLACE
  while read -r host step _; do
    sent_folder "$host/$step"
    [[ -z $FOLDER || -d $FOLDER ]] || fail "there is no folder $FOLDER here, which $host/$step needs; nothing was changed"
  done < <(printf '%s\n' "${PLAN[@]}")
}
send_folder() { # HOST STEP
  local FOLDER PLACE
  sent_folder "$1/$2"
  [[ -z $FOLDER ]] || tar -C "$FOLDER" -cf - . | remote "$1" remote_receive "$PLACE" || { echo "the folder $FOLDER did not get to $1" >&2; return 1; }
}
open_host() { # HOST: locks it, hands out its part of the bundle, and looks at what it has
  guard "$1" &
  until grep -qx locked "$WORK/guard/$1" 2>/dev/null; do
    [[ ! -e $WORK/guard/$1.end ]] || { cat "$WORK/guard/$1.error" >&2; return 1; }
    sleep 0.1
  done
  remote "$1" remote_history >"$WORK/history/$1" </dev/null || return 1
  tar -C "$BUNDLE/hosts/$1" -cf - . | remote "$1" remote_receive "$REMOTE" || return 1
  remote "$1" remote_drift "$REMOTE" >"$WORK/drift/$1" </dev/null || return 1
  send_secrets "$1" "$(own_secrets "$1")" first || return 1
}
open_hosts() { # all that the chosen steps need, before anything is changed on any of them
  local host pids=() broken=''
  mkdir -p "$WORK"/{guard,history,drift,opened,sent,done}
  : >"$WORK/alive"
  for host in "${HOSTS[@]}"; do
    [[ -n ${USED[$host]-} ]] || continue
    state "connecting to $host"
    room "${pids[@]}"
    { open_host "$host" 2>"$WORK/opened/$host.error" && : >"$WORK/opened/$host"; } &
    pids+=("$!")
  done
  for host in "${pids[@]}"; do wait "$host" || true; done
  for host in "${HOSTS[@]}"; do
    if [[ -z ${USED[$host]-} ]] || { [[ -e $WORK/opened/$host ]] && admit "$host"; }; then continue; fi
    broken=1
    show "$host: $(head -n 100 "$WORK/opened/$host.error")"
    event refused host "$host" reason "$(tail -n 5 "$WORK/opened/$host.error")"
  done
  [[ -z $broken ]] || fail "nothing was changed"
}
room() { # PID...: waits until fewer than PARALLEL of them are at work
  local pid busy
  while :; do
    busy=0
    for pid; do if kill -0 "$pid" 2>/dev/null; then busy=$((busy + 1)); fi; done
    ((busy >= PARALLEL)) || return 0
    sleep 0.1
  done
}
admit() { # HOST: why this bundle may not go there, or nothing
  local digest commit reason=''
  if [[ -s $WORK/drift/$1 && -z $OVERWRITE && -z $DRY ]]; then
    reason="these files were changed on the host; take the changes into the topology, or give --overwrite"$'\n'"$(<"$WORK/drift/$1")"
  fi
  read -r digest commit < <(tail -n 1 "$WORK/history/$1") || true
  if [[ -n ${digest-} && $digest != "$DIGEST" && -z $OLDER ]]; then
    if grep -q "^$DIGEST " "$WORK/history/$1" || { [[ $COMMIT != - && $COMMIT != "$commit" ]] && git -C "$BUNDLE" merge-base --is-ancestor "$COMMIT" "$commit" 2>/dev/null; }; then
      reason="a newer bundle than this was deployed there; give --allow-older if going back is meant"
    fi
  fi
  [[ -z $reason ]] || { printf '%s\n' "$reason" >>"$WORK/opened/$1.error"; return 1; }
}
close_hosts() { # ends every guard, which wipes the secrets, and waits for that
  local host deadline=$((SECONDS + 15))
  rm -f "$WORK/alive"
  for host in "$WORK"/guard/*.error; do
    [[ -e $host ]] || continue
    host=${host%.error}
    until [[ -e $host.end ]] || ((SECONDS > deadline)); do sleep 0.1; done
    [[ -e $host.end ]] || show "${host##*/}: not reached to wipe its secrets; it does so itself within a minute"
  done
}
run_step() { # HOST STEP SECONDS SECRETS LOGIN: puts its outcome into OUTCOME; 0 unless it failed
  local status=0 FRESH=$5
  OUTCOME=failed
  send_secrets "$1" "$4" early || return 1
  step check "$1" "$2" "$3" || status=$?
  if [[ -n $DRY ]]; then
    case $status in
      0) OUTCOME=unchanged; return 0 ;;
      10) OUTCOME=needed; step plan "$1" "$2" "$3" || (($? == 10)); return ;;
      *) return 1 ;;
    esac
  fi
  case $status in
    0) OUTCOME=unchanged ;;
    10)
      caution "$1" "$2" >&3
      send_secrets "$1" "$4" late || return 1
      send_folder "$1" "$2" || return 1
      step apply "$1" "$2" "$3" || return 1
      OUTCOME=applied
      ;;
    *) return 1 ;;
  esac
  step verify "$1" "$2" "$3" || { OUTCOME=failed; return 1; }
}
step() { # VERB HOST STEP SECONDS
  local status=0
  echo "--- $1"
  remote "$2" remote_step "$1" "$3" "$4" "$RUN" "$REMOTE" </dev/null || status=$?
  case $status in
    75) echo "a step of an earlier run is still at work on this host" >&2 ;;
    124 | 137) echo "$1 did not end within $4 seconds" >&2 ;;
    255) echo "the connection to $2 broke" >&2 ;;
  esac
  return "$status"
}
job() { # HOST STEP SECONDS SECRETS LOGIN: in the background; leaves "OUTCOME SECONDS" in $WORK/done
  local began=$SECONDS
  mkdir -p "$LOG/$1"
  { run_step "$@" 2>&1 || true; echo "$OUTCOME" >"$WORK/done/$1.$2.outcome"; } | redact >"$LOG/$1/$2.log"
  echo "$(<"$WORK/done/$1.$2.outcome") $((SECONDS - began))" >"$WORK/done/$1.$2.new"
  mv "$WORK/done/$1.$2.new" "$WORK/done/$1.$2"
}
finished() { # HOST STEP: counts and reports it
  local outcome seconds
  read -r outcome seconds <"$WORK/done/$1.$2"
  COUNT[$outcome]=$((COUNT[$outcome] + 1))
  echo "$seconds $1/$2" >>"$WORK/times"
  event step host "$1" step "$2" outcome "$outcome" seconds "$seconds" wave "$WAVE"
  show "$(printf '%-10s' "$outcome")$1/$2  ($seconds s)  $(title "$1" "$2")"
  case $outcome in
    failed) explain_failure "$1" "$2" ;;
    needed) sed -n '/^--- plan/,$p' "$LOG/$1/$2.log" | sed '1d; s/^/            /' ;;
  esac
}
explain_failure() { # HOST STEP
  local script="/var/lib/maasc/bundle/steps/$2.sh" log="$LOG/$1/$2.log"
  FAILED=1
  say "          step:     $1/$2"
  say "          reason:   $(awk '/^---/ { text = ""; next } NF { text = text (text == "" ? "" : "\n                    ") $0 } END { print text }' "$log" | tail -n 6)"
  say "          log:      $log"
  if grep -q '^  rollback)' "$BUNDLE/hosts/$1/steps/$2.sh"; then
    say "          rollback: on $1, as root: bash $script rollback"
  else
    say "          rollback: $(sed -n 's/^# Back: *//p' "$BUNDLE/hosts/$1/steps/$2.sh")"
  fi
  say "          go on:    run deploy.sh again; what is done is left alone"
}
wait_for_some() { # HOST/STEP...: sets BUSY to those still at work, after reporting those that ended
  local name left=()
  for name; do
    if [[ -e $WORK/done/${name%%/*}.${name#*/} ]]; then finished "${name%%/*}" "${name#*/}"; else left+=("$name"); fi
  done
  BUSY=("${left[@]}")
  ((${#BUSY[@]})) || return 0
  if [[ -t 1 ]]; then state "wave $WAVE of $WAVES: ${#BUSY[@]} at work: $(waiting "${BUSY[0]}")"; fi
  if ((SECONDS >= NEXT)); then
    NEXT=$((SECONDS + 60))
    [[ -t 1 ]] || for name in "${BUSY[@]}"; do show "waiting   $(waiting "$name")"; done
  fi
  sleep 0.2
}
waiting() { # HOST/STEP: it, and the last line that it said
  local line
  line=$(tail -n 1 "$LOG/$1.log" 2>/dev/null || true)
  echo "$1${line:+: $line}"
}
run_wave() { # "HOST STEP SECONDS SECRETS LOGIN"...
  local line host step seconds secrets login
  WAVE=$((WAVE + 1)) BUSY=() NEXT=$((SECONDS + 60))
  show "wave $WAVE of $WAVES, steps: $#"
  for line; do
    read -r host step seconds secrets login <<<"$line"
    while ((${#BUSY[@]} >= PARALLEL)); do wait_for_some "${BUSY[@]}"; done
    [[ -z $FAILED ]] || break
    fetch_carried "$secrets" || { FAILED=1; break; }
    event begin host "$host" step "$step" wave "$WAVE"
    job "$host" "$step" "$seconds" "$secrets" "$login" &
    BUSY+=("$host/$step")
  done
  while ((${#BUSY[@]})); do wait_for_some "${BUSY[@]}"; done
}
caution() { # HOST STEP
  local text
  text=$(sed -n 's/^# Caution: //p' "$BUNDLE/hosts/$1/steps/$2.sh")
  [[ -z $text ]] || show "caution   $1/$2: $text"
}
run_waves() {
  local line wave=() waves=0
  for line in "${PLAN[@]}" ''; do
    if [[ -n $line ]]; then wave+=("$line"); elif ((${#wave[@]})); then waves=$((waves + 1)) wave=(); fi
  done
  WAVES=$waves
  for line in "${PLAN[@]}" ''; do
    if [[ -n $line ]]; then wave+=("$line"); continue; fi
    ((${#wave[@]})) || continue
    run_wave "${wave[@]}"
    wave=()
    [[ -z $FAILED ]] || return 0
  done
}
verify_host() { # HOST: asked again for a while, since standbys and peers find each other some seconds after the last step
  local deadline=$((SECONDS + ${MAASC_SETTLE:-60}))
  until remote "$1" remote_verify "$REMOTE" </dev/null 2>&1 | redact >"$WORK/verify/$1"; do
    ((SECONDS < deadline)) || return 0
    sleep 5
  done
  : >"$WORK/verify/$1.same"
}
verify_hosts() { # a deployment is done when verify.sh finds no difference on any host
  local host pids=()
  [[ -z $FAILED$DRY$FROM$TO && ${#ONLY[@]} == 0 && ${#CHOSEN[@]} == 0 ]] || return 0
  mkdir -p "$WORK/verify"
  for host in "${HOSTS[@]}"; do
    [[ -n ${USED[$host]-} ]] || continue
    room "${pids[@]}"
    verify_host "$host" &
    pids+=("$!")
  done
  wait "${pids[@]}"
  for host in "${HOSTS[@]}"; do
    [[ -n ${USED[$host]-} ]] || continue
    show "verify    $(tail -n 1 "$WORK/verify/$host")"
    sed '$d; s/^/            /' "$WORK/verify/$host"
    event verify host "$host" result "$(tail -n 1 "$WORK/verify/$host")"
    [[ -e $WORK/verify/$host.same ]] || { FAILED=1; say "          again:    on $host, as root: bash $REMOTE/verify.sh"; }
  done
}
finish() {
  local status=$?
  trap - EXIT
  close_hosts
  if [[ -n $STARTED ]]; then summary "$status"; fi
  rm -rf "$WORK"
  exit "$status"
}

[[ ${BASH_VERSINFO[0]} -ge 5 || (${BASH_VERSINFO[0]} == 4 && ${BASH_VERSINFO[1]} -ge 4) ]] || fail "this needs bash 4.4 or newer"
BUNDLE=$(cd "$(dirname "$0")/.." && pwd)
(cd "$BUNDLE" && sha256sum --check --quiet --strict SHA256SUMS) || fail "the bundle is not as it was compiled; compile it again"
DIGEST=$(sha256sum <"$BUNDLE/SHA256SUMS")
DIGEST=${DIGEST%% *}
COMMIT=$(git -C "$BUNDLE" rev-parse --verify --quiet HEAD 2>/dev/null || echo -)
REMOTE=/var/lib/maasc/bundle
[[ -z $DRY ]] || REMOTE=/run/maasc/bundle
declare -A USED=() COUNT=([applied]=0 [unchanged]=0 [needed]=0 [failed]=0)
PLAN=() TOTAL=0 FAILED='' STARTED='' WAVE=0 WAVES=0 BUSY=() NEXT=0 OUTCOME=''
RUN="${USER:-$(id -un)}@$(uname -n).$$"
exec 3>&1
select_steps
look_for_folders
resolve_declared
trap finish EXIT
trap 'echo; echo "interrupted: what is at work on the hosts ends there; run again to go on" >&2; exit 130' INT
trap 'exit 143' TERM HUP
LOG=${MAASC_LOG:-${XDG_STATE_HOME:-$HOME/.local/state}/maasc}/$(TZ=UTC0 printf '%(%Y%m%dT%H%M%SZ)T' -1).$$
mkdir -p "$LOG"
event start bundle "$DIGEST" commit "$COMMIT" steps "$TOTAL" dry_run "${DRY:-0}"
open_hosts
STARTED=1
for HOST in "${!USED[@]}"; do
  if [[ -n $DRY ]]; then
    [[ ! -s $WORK/drift/$HOST ]] || show "changed   $HOST: $(<"$WORK/drift/$HOST")"
  else
    remote "$HOST" remote_note "$DIGEST" "$COMMIT" </dev/null
  fi
done
run_waves
verify_hosts
[[ -z $FAILED ]] || exit 1
