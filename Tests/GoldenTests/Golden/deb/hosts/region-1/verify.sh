#!/usr/bin/env bash
# Compares region-1 with what deb wants of it. Changes nothing.
#
# sudo bash verify.sh          says what differs; ends with 0 if nothing does, else 1
# sudo bash verify.sh --json   all of it, for programs
#
# Compiled by maasc from deb.topology.yaml: edits belong there.

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
probe_maas_version() {
  dpkg-query -W -f '${Version}' maas-region-api | sed -E 's/^[0-9]+://; s/^([0-9]+[.][0-9]+).*/\1/'
}
probe_maas_regions() {
  curl -fsS -m 10 http://localhost:5240/MAAS/rpc/ | jq '[.eventloops | keys[] | split(":")[0]] | unique | length'
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
HOST=region-1

whole /etc/sysctl.d/60-maasc.conf root root 644
whole /etc/haproxy/haproxy.cfg root root 644
whole /etc/systemd/system/haproxy.service.d/maasc.conf root root 644
whole /usr/local/lib/maasc/region-may-serve root root 755
whole /usr/local/lib/maasc/haproxy-alive root root 755
whole /etc/keepalived/keepalived.conf root root 644
whole /etc/systemd/system/keepalived.service.d/maasc.conf root root 644
merged /etc/maas/regiond.conf maas maas 640
whole /etc/apt/apt.conf.d/52maasc-hold root root 644
whole /etc/needrestart/conf.d/52maasc-hold.conf root root 644
whole /usr/local/lib/maasc/backup-source root root 755
filled /var/lib/maasc-backup/.ssh/authorized_keys root root 644
whole /etc/sudoers.d/maasc-backup root root 440
whole /etc/apt/preferences.d/maasc.pref root root 644
service haproxy.service enabled
service keepalived.service enabled
service maas-regiond.service enabled
service maas-apiserver.service enabled
service maas-temporal.service enabled
service maas-temporal-worker.service enabled
service maas-http.service enabled
service maas-syslog.service enabled
service named.service enabled
service chrony.service enabled
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
socket tcp any 80 80 HAProxy
socket tcp 192.0.2.10 5432 5432 HAProxy
probe sysctl.net.ipv4.ip_nonlocal_bind 'net.ipv4.ip_nonlocal_bind is on' "$(set -e; probe_sysctl_net_ipv4_ip_nonlocal_bind 2>/dev/null; echo .)" equals 1
probe sysctl.net.ipv6.ip_nonlocal_bind 'net.ipv6.ip_nonlocal_bind is on' "$(set -e; probe_sysctl_net_ipv6_ip_nonlocal_bind 2>/dev/null; echo .)" equals 1
probe haproxy.api 'the API answers through this HAProxy' "$(set -e; probe_haproxy_api 2>/dev/null; echo .)" equals 200
probe haproxy.configuration 'HAProxy'\''s worker runs this configuration' "$(set -e; probe_haproxy_configuration 2>/dev/null; echo .)" equals maasc-5a15226730d67963
probe haproxy.primary 'HAProxy sees one primary' "$(set -e; probe_haproxy_primary 2>/dev/null; echo .)" equals 1
probe keepalived.192.0.2.10 'one host holds the virtual address 192.0.2.10' "$(set -e; probe_keepalived_192_0_2_10 2>/dev/null; echo .)" equals 1
probe maas.version 'MAAS 3.6 is installed' "$(set -e; probe_maas_version 2>/dev/null; echo .)" equals 3.6
probe maas.regions 'MAAS lists 2 regions' "$(set -e; probe_maas_regions 2>/dev/null; echo .)" equals 2
if [[ $FORM == --json ]]; then
  printf '{"host":"%s","differences":%d,"checks":[%s]}\n' "$HOST" "$DIFFERENCES" "${LINES#,}"
else
  echo "$HOST: $CHECKS checks, $DIFFERENCES differences"
fi
((DIFFERENCES == 0))
