# shellcheck shell=bash
# Machines are lost for good: one is replaced and prepared by cloud-init; then all are, and a backup is restored onto them.

needed() { sed -nE 's|^[0-9:]+  needed +([^ ]+) .*|\1|p' "$WORK/$1.log" | sort; } # LOG: the steps that a dry run would do
left() { # HOST LOG: what is left to do there, by its own steps
  deploys "$2" --dry-run --host "$1"
  needed "$2"
}
first_boot() { # HOST: its user-data as cloud-init reads it from a disk of the machine
  on "$1" sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install cloud-init >/dev/null 2>&1'
  # The laboratory's hosts have their network and their package source already, and no locales.
  on "$1" sh -c 'mkdir -p /var/lib/cloud/seed/nocloud /etc/cloud/cloud.cfg.d; cat >/var/lib/cloud/seed/nocloud/user-data' <"$BUNDLE/cloud-init/$1.yaml"
  on "$1" sh -c "printf 'instance-id: lab-$1\nlocal-hostname: $1\n' >/var/lib/cloud/seed/nocloud/meta-data
    printf 'datasource_list: [NoCloud]\nnetwork: {config: disabled}\napt: {preserve_sources_list: true}\nlocale: false\nmanage_etc_hosts: false\nssh_deletekeys: false\npreserve_hostname: true\n' >/etc/cloud/cloud.cfg.d/99-lab.cfg"
  on "$1" sh -c 'cloud-init init --local && cloud-init init && cloud-init modules --mode=config && cloud-init modules --mode=final' >"$WORK/cloud-init.log" 2>&1 ||
    { tail -n 30 "$WORK/cloud-init.log" >&2; fail "cloud-init fails on $1"; }
  on "$1" sh -c 'cat /run/cloud-init/result.json' | jq -e '.v1.errors == []' >/dev/null ||
    fail "cloud-init fails on $1: $(on "$1" cat /run/cloud-init/result.json)"
}

scene_rebuild() {
  local host before after did began
  host=$(standby)
  "$LAB/host.sh" fresh "$host"
  before=$(left "$host" before-cloud-init)
  first_boot "$host"
  after=$(left "$host" after-cloud-init)
  figure "cloud-init leaves $(wc -l <<<"$after") of $(wc -l <<<"$before") steps of $host"
  [[ -z $(comm -13 <(printf '%s\n' "$before") <(printf '%s\n' "$after")) ]] || fail "after cloud-init more is to do than before"
  (($(wc -l <<<"$after") < $(wc -l <<<"$before"))) || fail 'cloud-init did nothing that the steps see'
  began=$SECONDS
  deploys rebuild
  did=$(changed rebuild | grep "^$host/" | sort)
  [[ -z $(comm -13 <(printf '%s\n' "$after") <(printf '%s\n' "$did")) ]] ||
    fail "steps did what they had not reported: $(comm -13 <(printf '%s\n' "$after") <(printf '%s\n' "$did") | xargs)"
  figure "the replaced $host is part of the whole again after $((SECONDS - began)) s: $(wc -l <<<"$did") steps"
  stays_in_order after-rebuild
}

# A mark in the database and one through MAAS' API, and every controller's identity.
leave_marks() {
  sql "$(primary)" 'drop table if exists marks; create table marks as select generate_series(1, 10000) number' "$(database)"
  sql "$(primary)" "alter table marks owner to $(sql "$(primary)" "select pg_get_userbyid(datdba) from pg_database where datname = '$(database)'")" "$(database)"
  maas_api spaces create name=kept-by-the-backup >/dev/null
}
maas_api() { # WORD...: on the first region, as the administrator
  local region user url=http://localhost:5240/MAAS/
  if grep -q '^  tls:' "$TOPOLOGY"; then url=https://localhost:5443/MAAS/; fi
  region=$(region_but) user=$(sed -nE 's/^ *admin: \{username: ([^,]*),.*/\1/p' "$TOPOLOGY")
  # shellcheck disable=SC2016 # expands on the host
  on "$region" bash -c 'export PATH=$PATH:/snap/bin; command=maas; [[ -e /snap/bin/maas ]] || command=maas-region
    maas login -k marks "$2" - <<<"$($command apikey --username "$1")" >/dev/null && maas marks "${@:3}" -k' - "$user" "$url" "$@"
}
identities() {
  local host
  for host in $(hosts); do echo "$host $(on "$host" sh -c 'cat /var/snap/maas/common/maas/maas_id /var/lib/maas/maas_id 2>/dev/null' || true)"; done
}

backed_up() {
  local began=$SECONDS
  rm -rf "$WORK/operator/backup"
  leave_marks
  runbook backup backup.sh /root/backup
  within 60 'the API does not answer after the backup' api
  figure "backed up in $((SECONDS - began)) s: $(du -sh "$WORK/operator/backup" | cut -f 1), $(find "$WORK/operator/backup" -type f | wc -l) files"
}
restored() { # IDENTITIES: those of before
  local began=$SECONDS
  runbook restore restore.sh /root/backup
  within 120 'the API does not answer after the restore' api
  figure "restored in $((SECONDS - began)) s"
  [[ $(sql "$(primary)" 'select count(*), sum(number) from marks' "$(database)") == '10000|50005000' ]] || fail 'the rows are not there'
  maas_api spaces read | jq -e '[.[].name] | index("kept-by-the-backup") and (index("made-after-the-backup") | not)' >/dev/null ||
    fail 'MAAS does not hold what it held then'
  [[ $(identities) == "$1" ]] || fail "the controllers have other identities: $(identities | diff - <(echo "$1"))"
  figure 'rows, what MAAS held and the identities of all controllers are there'
  back_in_order
}

scene_restore() {
  local host was began
  backed_up
  was=$(identities)
  within 120 'the hosts are not in order after the backup' all_clean
  for host in $(hosts); do "$LAB/host.sh" cut "$host"; done
  for host in $(hosts); do "$LAB/host.sh" fresh "$host"; done
  began=$SECONDS
  deploys fresh
  [[ $(identities) != "$was" ]] || fail 'the fresh hosts have the old identities already'
  figure "fresh hosts deployed in $((SECONDS - began)) s"
  restored "$was"
}

# No machine is lost, and what was done since the backup is undone.
scene_return() {
  backed_up
  sql "$(primary)" 'drop table marks' "$(database)"
  maas_api spaces create name=made-after-the-backup >/dev/null
  restored "$(identities)"
}
