# shellcheck shell=bash
# verify.sh names what differs: a file, a mode, a service, a value in force. In text and in JSON, and nothing beside it.

expect_difference() { # HOST KIND NAME TEXT: that one and no other, in both forms
  local text json
  text=$(on "$1" bash "$VERIFY") && fail "verify.sh on $1 does not see: $2 $3"
  [[ $text == *"$2 $3: "*"$4"* ]] || fail "verify.sh on $1 does not name $2 $3, $4: $text"
  json=$(on "$1" bash "$VERIFY" --json) && fail "verify.sh --json on $1 does not see: $2 $3"
  jq -e --arg kind "$2" --arg name "$3" --arg text "$4" '[.checks[] | select(.ok | not)] as $bad
    | ($bad | length) == .differences and any($bad[]; .kind == $kind and .name == $name and (.difference | contains($text)))' <<<"$json" >/dev/null ||
    fail "verify.sh --json on $1 does not name $2 $3, $4: $(jq -c '[.checks[] | select(.ok | not)]' <<<"$json")"
  DIFFERENCES=$(jq .differences <<<"$json")
  EXPECTED=$((EXPECTED + 1))
}
in_order() { within 90 "the hosts are not in order again" all_clean; }
alone() { ((DIFFERENCES == 1)) || fail "verify.sh finds $DIFFERENCES differences where there is one"; }

balancing_host() {
  local host
  for host in $(hosts); do
    if [[ -e $BUNDLE/hosts/$host/files/etc/haproxy/haproxy.cfg ]]; then echo "$host"; return; fi
  done
  return 1
}

scene_drift() {
  local host balancer path EXPECTED=0 DIFFERENCES=0
  host=$(primary)
  balancer=$(balancing_host)
  in_order

  path=/etc/haproxy/haproxy.cfg
  on "$balancer" sh -c "cp -p $path /root/kept && echo '# by hand' >>$path"
  expect_difference "$balancer" file "$path" 'content differs'; alone
  on "$balancer" mv /root/kept "$path"
  figure 'a changed file is named'

  path=$(on "$balancer" sh -c 'ls /var/snap/maas/current/regiond.conf /etc/maas/regiond.conf 2>/dev/null' || true)
  on "$balancer" chmod 644 "$path"
  expect_difference "$balancer" file "$path" '644, wanted is'; alone
  on "$balancer" chmod 640 "$path"
  on "$balancer" cp -p "$path" /root/kept
  on "$balancer" sed -i 's/^num_workers:.*/num_workers: 9/' "$path"
  expect_difference "$balancer" file "$path" 'wanted is num_workers'; alone
  on "$balancer" mv /root/kept "$path"
  figure 'a wrong mode and a wrong key of regiond.conf are named'

  on "$balancer" systemctl stop keepalived
  expect_difference "$balancer" service keepalived.service 'is inactive, wanted is active'
  on "$balancer" systemctl start keepalived
  in_order
  on "$balancer" systemctl disable --quiet keepalived
  expect_difference "$balancer" service keepalived.service 'is disabled, wanted is enabled at boot'; alone
  on "$balancer" systemctl enable --quiet keepalived
  figure 'a stopped and a disabled service are named'

  on "$balancer" sysctl -qw net.ipv4.ip_nonlocal_bind=0
  expect_difference "$balancer" probe sysctl.net.ipv4.ip_nonlocal_bind 'is 0, wanted is 1'; alone
  on "$balancer" sysctl -qw net.ipv4.ip_nonlocal_bind=1
  sql "$host" 'alter system set max_connections = 50'
  expect_difference "$host" probe postgresql.settings 'max_connections'
  sql "$host" 'alter system reset max_connections'
  in_order
  if on "$host" nft list table inet maasc >/dev/null 2>&1; then
    on "$host" nft insert rule inet maasc input tcp dport 8443 accept
    expect_difference "$host" probe firewall.rules 'is different, wanted is loaded'; alone
    on "$host" nft delete table inet maasc
    expect_difference "$host" probe firewall.rules 'is different, wanted is loaded'; alone
    on "$host" systemctl restart maasc-nftables.service
  fi
  figure 'a kernel parameter, a setting of PostgreSQL and rules of the packet filter that were added or taken away are named'
  in_order
  figure "$EXPECTED differences, each in text and JSON"
}
