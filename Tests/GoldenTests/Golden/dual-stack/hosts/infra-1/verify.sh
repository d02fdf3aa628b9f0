#!/usr/bin/env bash
# Compares infra-1 with what dual-stack wants of it. Changes nothing.
#
# sudo bash verify.sh          says what differs; ends with 0 if nothing does, else 1
# sudo bash verify.sh --json   all of it, for programs
#
# Compiled by maasc from dual-stack.topology.yaml: edits belong there.

set -uo pipefail
shopt -s inherit_errexit
export LC_ALL=C
FORM=${1-}
case $FORM in '' | --json) ;; *) echo "usage: verify.sh [--json]" >&2; exit 64 ;; esac
[[ $(id -u) == 0 ]] || { echo "verify.sh reads files that only root may read: run it with sudo" >&2; exit 64; }
flat() { # one line for each value of a flat YAML file, unquoted: "key: value", "key: - item"
  awk '/^#/ { next } match($0, /^[^ :-][^ :]*:/) { key = substr($0, 1, RLENGTH); $0 = substr($0, RLENGTH + 1) }
    { sub(/^ +/, ""); sub(/ +$/, ""); if ($0 == "") next; dash = sub(/^- +/, "") ? "- " : "" }
    /^".*"$/ { $0 = substr($0, 2, length($0) - 2); gsub(/\\"/, "\""); gsub(/\\\\/, "\\") }
    /^\047.*\047$/ { $0 = substr($0, 2, length($0) - 2); gsub(/\047\047/, "\047") } { print key " " dash $0 }'
}
probe_sysctl_net_ipv4_ip_nonlocal_bind() {
  sysctl -n net.ipv4.ip_nonlocal_bind
}
probe_sysctl_net_ipv6_ip_nonlocal_bind() {
  sysctl -n net.ipv6.ip_nonlocal_bind
}
probe_haproxy_api() {
  curl -s -m 5 -o /dev/null -w '%{http_code}' http://127.0.0.1:80/MAAS/rpc/
}
probe_haproxy_configuration() {
  haproxy_says() { socat -t 5 - UNIX-CONNECT:/run/haproxy/admin.sock <<<"$1" 2>/dev/null; }
  running_revision() { haproxy_says "show info" | sed -n 's/^description: //p'; }
  running_revision
}
probe_haproxy_primary() {
  haproxy_says() { socat -t 5 - UNIX-CONNECT:/run/haproxy/admin.sock <<<"$1" 2>/dev/null; }
  primaries() { haproxy_says "show stat" | awk -F, '$1 == "primary" && $2 != "BACKEND" && $18 ~ /^UP/ && $37 ~ /^(\* )?L7OK/ { n++ } END { print n + 0 }'; }
  primaries
}
probe_keepalived_192_0_2_10() {
  holders() { # PATH: how many hosts say that they hold the address
    local peer peers count=0
    peers=(192.0.2.11 192.0.2.12)
    for peer in "${peers[@]}"; do
      if curl -sgf -m 2 -o /dev/null "http://$peer:80$1"; then count=$((count + 1)); fi
    done
    echo "$count"
  }
  holders /maasc/holds/192.0.2.10
}
probe_keepalived_2001_db8_1__10() {
  holders() { # PATH: how many hosts say that they hold the address
    local peer peers count=0
    peers=(192.0.2.11 192.0.2.12)
    for peer in "${peers[@]}"; do
      if curl -sgf -m 2 -o /dev/null "http://$peer:80$1"; then count=$((count + 1)); fi
    done
    echo "$count"
  }
  holders /maasc/holds/2001:db8:1::10
}
probe_maas_channel() {
  snap list maas | awk 'NR == 2 { print $4 }'
}
probe_maas_mode() {
  cat /var/snap/maas/common/snap_mode
}
probe_maas_held() {
  snap list maas | awk 'NR == 2 { print ($NF ~ /held/ ? "held" : "free") }'
}
probe_maas_regions() {
  curl -fsS -m 10 http://localhost:5240/MAAS/rpc/ | jq '[.eventloops | keys[] | split(":")[0]] | unique | length'
}
probe_dhcp_fabric_1_machines() {
awk -v own='198.51.100.2;' '$1 == "failover" { role = "" } $1 == "primary;" || $1 == "secondary;" { role = $1 }
  $1 == "address" && $2 == own { found = 1 } found && $1 == "peer" { gsub(";", ""); print role, $3; exit }'   /var/snap/maas/common/maas/dhcpd.conf | tr -d ';'
}
probe_firewall_rules() {
  is_loaded() { # the kernel holds these rules, and no others in their table
    nft list chain inet maasc revision-b2335d3d3693ced8 >/dev/null 2>&1 || return 1
    cmp -s <(nft -s list table inet maasc) <(unshare --net sh -c 'nft -f - && nft -s list table inet maasc' <"$FILES"/etc/maasc/firewall.nft)
  }
  if is_loaded; then echo loaded; else echo different; fi
}
probe_backup_age() {
  find /var/backups/maas -mindepth 1 -maxdepth 1 -type d -name '2*Z' -mtime -2 2>/dev/null | wc -l
}
probe_backup_result() {
  systemctl show -P Result maasc-backup.service
}
FILES=$(cd "$(dirname "$0")/files" && pwd)
CHECKS=0 DIFFERENCES=0 LINES=''
json() { # TEXT: in quotes
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"} text=${text//$'\n'/\\n}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}
result() { # KIND NAME DIFFERENCE: none if it is empty
  CHECKS=$((CHECKS + 1))
  if [[ -n $3 ]]; then DIFFERENCES=$((DIFFERENCES + 1)); fi
  if [[ $FORM == --json ]]; then
    LINES+=,"{\"kind\":\"$1\",\"name\":$(json "$2"),\"ok\":$([[ -n $3 ]] && echo false || echo true),\"difference\":$(json "$3")}"
  elif [[ -n $3 ]]; then
    printf '%s %s: %s\n' "$1" "$2" "$3"
  fi
}
owner() { # PATH OWNER GROUP MODE: how it differs in them
  local found
  if [[ ! -e $1 ]]; then echo "is missing"; return; fi
  found=$(stat -c '%U:%G %a' "$1")
  [[ $found == "$2:$3 $4" ]] || echo "belongs to $found, wanted is $2:$3 $4"
}
whole() { # PATH OWNER GROUP MODE: a file of ours
  local difference
  difference=$(owner "$@")
  if [[ -z $difference ]] && ! cmp -s "$FILES$1" "$1"; then
    difference="content differs"$'\n'"$(diff -u --label compiled --label "$1" "$FILES$1" "$1")"
  fi
  result file "$1" "$difference"
}
filled() { # PATH OWNER GROUP MODE: a file of ours that holds secrets, so it is compared with what the last deployment made of it
  local difference
  difference=$(owner "$@")
  if [[ -z $difference && ! -e /var/lib/maasc/installed$1 ]]; then
    difference="was not installed by this bundle"
  elif [[ -z $difference ]] && ! cmp -s "/var/lib/maasc/installed$1" "$1"; then
    difference="content is not what was installed"
  fi
  result file "$1" "$difference"
}
merged() { # PATH OWNER GROUP MODE: a file that MAAS writes too, so our keys are compared, but for secrets
  local difference elsewhere=@maasc:
  difference=$(owner "$@")
  # `maas config-vault migrate` takes these keys out of regiond.conf.
  if grep -Eqs "^vault_secret_id: *['\"]?[^ '\"]" "$1"; then elsewhere+='|^database_(name|user): '; fi
  if [[ -z $difference ]]; then
    difference=$(comm -23 <(flat <"$FILES$1" | grep -Ev "$elsewhere" | sort) <(flat <"$1" | sort) | sed 's/^/wanted is /')
  fi
  result file "$1" "$difference"
}
service() { # UNIT enabled|any|boot: it runs; one for the boot only need not
  local difference='' active enabled
  if [[ $2 != boot ]]; then active=$(systemctl is-active "$1" 2>/dev/null) || difference="is ${active:-unknown}, wanted is active"; fi
  if [[ -z $difference && $2 != any ]]; then
    enabled=$(systemctl is-enabled "$1" 2>/dev/null) || difference="is ${enabled:-not known}, wanted is enabled at boot"
  fi
  result service "$1" "$difference"
}
socket() { # tcp|udp ADDRESS|any FIRST LAST SERVICE: something listens on one of the ports
  local found
  found=$(ss -Hln "--$1" "sport >= :$3 and sport <= :$4" | awk -v want="$2" '{ local = $4; sub(/:[0-9]+$/, "", local); gsub(/[][]|%.*$/, "", local) }
    want == "any" || local == want || local == "*" || local == "0.0.0.0" || local == "::" { print; exit }')
  result socket "$5 on $1/$3${2:+ of $2}" "$([[ -n $found ]] || echo "nothing listens")"
}
probe() { # ID TITLE OUTPUT equals VALUE... | at-least NUMBER
  local name="$2" output difference='' value
  if [[ $3 != *. ]]; then result probe "$1" "$name: cannot tell"; return; fi
  output=${3%.} output=${output%$'\n'}
  if [[ $4 == at-least ]]; then
    [[ $output =~ ^[0-9]+$ ]] && ((output >= $5)) || difference="is $output, wanted is at least $5"
  else
    difference="is $output, wanted is $5"
    for value in "${@:5}"; do if [[ $output == "$value" ]]; then difference=''; fi; done
  fi
  result probe "$1" "${difference:+$name: $difference}"
}
HOST=infra-1

whole /etc/sysctl.d/60-maasc.conf root root 644
whole /etc/haproxy/haproxy.cfg root root 644
whole /etc/systemd/system/haproxy.service.d/maasc.conf root root 644
whole /usr/local/lib/maasc/region-may-serve root root 755
whole /usr/local/lib/maasc/haproxy-alive root root 755
whole /etc/keepalived/keepalived.conf root root 644
whole /etc/systemd/system/keepalived.service.d/maasc.conf root root 644
merged /var/snap/maas/current/regiond.conf root root 640
merged /var/snap/maas/current/rackd.conf root root 640
whole /etc/apt/apt.conf.d/52maasc-hold root root 644
whole /etc/needrestart/conf.d/52maasc-hold.conf root root 644
whole /etc/maasc/firewall.nft root root 644
whole /etc/systemd/system/maasc-nftables.service root root 644
whole /etc/systemd/system/nftables.service.d/maasc.conf root root 644
whole /usr/local/lib/maasc/backup-collect root root 755
whole /usr/local/lib/maasc/backup-restore-test root root 755
whole /etc/systemd/system/maasc-backup.service root root 644
whole /etc/systemd/system/maasc-backup.timer root root 644
whole /etc/postgresql-common/createcluster.d/maasc.conf root root 644
whole /usr/local/lib/maasc/backup-source root root 755
filled /var/lib/maasc-backup/.ssh/authorized_keys root root 644
whole /etc/sudoers.d/maasc-backup root root 440
service haproxy.service enabled
service keepalived.service enabled
service snap.maas.pebble.service enabled
service maasc-nftables.service enabled
service maasc-backup.timer enabled
socket tcp any 5240 5240 MAAS
socket tcp any 5242 5242 MAAS
socket tcp any 5271 5271 MAAS
socket tcp any 5239 5239 MAAS
socket tcp any 5250 5259 MAAS
socket tcp any 5272 5274 MAAS
socket tcp any 5281 5284 MAAS
socket tcp any 53 53 MAAS
socket tcp any 3128 3128 MAAS
socket tcp any 8000 8000 MAAS
socket tcp any 5247 5247 MAAS
socket udp any 53 53 MAAS
socket udp any 123 123 MAAS
socket udp any 5247 5247 MAAS
socket tcp any 5248 5249 MAAS
socket tcp any 647 647 MAAS
socket tcp any 7911 7911 MAAS
socket udp any 69 69 MAAS
socket udp any 67 67 MAAS
socket tcp any 80 80 HAProxy
socket tcp 192.0.2.10 5432 5432 HAProxy
probe sysctl.net.ipv4.ip_nonlocal_bind 'net.ipv4.ip_nonlocal_bind is on' "$(set -e; probe_sysctl_net_ipv4_ip_nonlocal_bind 2>/dev/null; echo .)" equals 1
probe sysctl.net.ipv6.ip_nonlocal_bind 'net.ipv6.ip_nonlocal_bind is on' "$(set -e; probe_sysctl_net_ipv6_ip_nonlocal_bind 2>/dev/null; echo .)" equals 1
probe haproxy.api 'the API answers through this HAProxy' "$(set -e; probe_haproxy_api 2>/dev/null; echo .)" equals 200
probe haproxy.configuration 'HAProxy'\''s worker runs this configuration' "$(set -e; probe_haproxy_configuration 2>/dev/null; echo .)" equals maasc-523900a69b2d21b6
probe haproxy.primary 'HAProxy sees one primary' "$(set -e; probe_haproxy_primary 2>/dev/null; echo .)" equals 1
probe keepalived.192.0.2.10 'one host holds the virtual address 192.0.2.10' "$(set -e; probe_keepalived_192_0_2_10 2>/dev/null; echo .)" equals 1
probe keepalived.2001:db8:1::10 'one host holds the virtual address 2001:db8:1::10' "$(set -e; probe_keepalived_2001_db8_1__10 2>/dev/null; echo .)" equals 1
probe maas.channel 'the snap follows 3.7/stable' "$(set -e; probe_maas_channel 2>/dev/null; echo .)" equals 3.7/stable
probe maas.mode 'MAAS runs as region+rack' "$(set -e; probe_maas_mode 2>/dev/null; echo .)" equals region+rack
probe maas.held 'the snap does not refresh by itself' "$(set -e; probe_maas_held 2>/dev/null; echo .)" equals held
probe maas.regions 'MAAS lists 3 regions' "$(set -e; probe_maas_regions 2>/dev/null; echo .)" equals 3
probe dhcp.fabric-1.machines 'dhcpd is primary with 198.51.100.3 on fabric-1/machines' "$(set -e; probe_dhcp_fabric_1_machines 2>/dev/null; echo .)" equals 'primary 198.51.100.3'
probe firewall.rules 'the kernel has these rules' "$(set -e; probe_firewall_rules 2>/dev/null; echo .)" equals loaded
probe backup.age 'a backup is less than two days old' "$(set -e; probe_backup_age 2>/dev/null; echo .)" at-least 1
probe backup.result 'the last nightly backup did not fail' "$(set -e; probe_backup_result 2>/dev/null; echo .)" equals success
if [[ $FORM == --json ]]; then
  printf '{"host":"%s","differences":%d,"checks":[%s]}\n' "$HOST" "$DIFFERENCES" "${LINES#,}"
else
  echo "$HOST: $CHECKS checks, $DIFFERENCES differences"
fi
((DIFFERENCES == 0))
