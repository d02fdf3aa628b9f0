#!/usr/bin/env bash
# Reach the database at 192.0.2.10 port 5432
#
# Host:    region-3
# Why:     Login, pg_hba and the way through the load balancer are proved with MAAS' own user before MAAS is given them.
# After:   */balancer-keepalived, lb-1/balancer-*, region-3/packages-*
# Secrets: database; runbook/deploy.sh puts them into /run/maasc/secrets
# Check:   sudo bash balancer-database-endpoint.sh check   (0: nothing to do, 10: needed; `plan` shows what would change)
# Do:      sudo bash balancer-database-endpoint.sh apply && sudo bash balancer-database-endpoint.sh verify
# Back:    none is needed: it only looks and waits
#
# Compiled by maasc from patroni.topology.yaml: edits belong there.

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
umask 022
export PATH=$PATH:/snap/bin
SECRETS=/run/maasc/secrets
fail() { printf '%s\n' "$*" >&2; exit 1; }
wait_until() { # SECONDS TEXT CMD...
  local deadline=$((SECONDS + $1)) text=$2 output; shift 2
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || fail "$text: $(tail -n 5 <<<"${output:-no output}")"
    sleep 1
  done
}
secret() { # NAME
  [[ -f $SECRETS/$1 ]] || fail "the secret $1 is not in $SECRETS: run this step through runbook/deploy.sh, or put the value there"
  cat "$SECRETS/$1"
}
check() {
  ask() { # the password reaches psql by a file in the secrets folder
    install -m 600 /dev/null "$SECRETS/.pgpass"
    printf '*:*:*:*:%s\n' "$(secret database)" >"$SECRETS/.pgpass"
    [[ $(PGPASSFILE=$SECRETS/.pgpass psql -XAtqw -d 'host=192.0.2.10 port=5432 user='\''maas'\'' dbname='\''maasdb'\'' connect_timeout=5' -c 'select 1') == 1 ]]
  }
  ask
}
apply() {
  ask() { # the password reaches psql by a file in the secrets folder
    install -m 600 /dev/null "$SECRETS/.pgpass"
    printf '*:*:*:*:%s\n' "$(secret database)" >"$SECRETS/.pgpass"
    [[ $(PGPASSFILE=$SECRETS/.pgpass psql -XAtqw -d 'host=192.0.2.10 port=5432 user='\''maas'\'' dbname='\''maasdb'\'' connect_timeout=5' -c 'select 1') == 1 ]]
  }
  wait_until 60 'no answer from the database at 192.0.2.10' ask
}
verify() {
  ask() { # the password reaches psql by a file in the secrets folder
    install -m 600 /dev/null "$SECRETS/.pgpass"
    printf '*:*:*:*:%s\n' "$(secret database)" >"$SECRETS/.pgpass"
    [[ $(PGPASSFILE=$SECRETS/.pgpass psql -XAtqw -d 'host=192.0.2.10 port=5432 user='\''maas'\'' dbname='\''maasdb'\'' connect_timeout=5' -c 'select 1') == 1 ]]
  }
  ask
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
    if ((status == 0)); then echo nothing to do: 'Reach the database at 192.0.2.10 port 5432'; exit 0; fi
    echo needed: 'Reach the database at 192.0.2.10 port 5432'
    exit 10 ;;
  apply) needed >/dev/null; if ((status == 0)); then echo nothing to do: 'Reach the database at 192.0.2.10 port 5432'; else install -d -m 700 /var/lib/maasc; apply; fi ;;
  verify) verify ;;
  *) echo "usage: $0 check | plan | apply | verify" >&2; exit 64 ;;
esac
