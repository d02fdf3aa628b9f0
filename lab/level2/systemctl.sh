#!/bin/bash
# Stands for systemd where a step or runbook asks for PostgreSQL's unit: starts it as the unit and its drop-in say, and knows masks.
set -euo pipefail
verb=$1 unit=''
shift
for word in "$@"; do
  [[ $word == -* ]] || unit=$word
done
place=/etc/systemd/system/$unit
cluster=${unit#postgresql@} cluster=${cluster%.service}

is_masked() { [[ $(readlink "$place") == /dev/null ]]; }
start() {
  if is_masked; then echo "$unit is masked" >&2; exit 1; fi
  if pg_ctlcluster --skip-systemctl-redirect "${cluster%-*}" "${cluster#*-}" status >/dev/null 2>&1; then return; fi
  local guard
  while read -r guard; do
    bash -c "$guard"
  done < <(sed -n 's/^ExecStartPre=//p' "$place.d"/*.conf)
  pg_ctlcluster --skip-systemctl-redirect "${cluster%-*}" "${cluster#*-}" start
}
stop() { pg_ctlcluster --skip-systemctl-redirect -m fast "${cluster%-*}" "${cluster#*-}" stop || true; }

case $verb:$unit in
  start:postgresql@*) start ;;
  stop:postgresql@*) stop ;;
  restart:postgresql@*) stop && start ;;
  mask:*) ln -sfn /dev/null "$place" ;;
  unmask:*) if is_masked; then rm "$place"; fi ;;
  is-enabled:*) if is_masked; then echo masked; else echo enabled; fi ;;
  reset-failed:* | daemon-reload:* | enable:*) ;;
  *)
    echo "the laboratory does not know: systemctl $verb $*" >&2
    exit 1
    ;;
esac
