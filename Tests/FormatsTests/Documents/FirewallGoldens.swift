import Formats
import TestSupport
import Testing

extension DocumentGoldens {
  @Test func nftables() {
    expect(
      Samples.nftables,
      is: #"""
        table inet maasc
        delete table inet maasc

        table inet maasc {
            set management {
                type ipv4_addr
                flags interval
                comment "firewall.management"
                elements = { 10.8.0.1, 10.9.0.0/24 }
            }

            set management6 {
                type ipv6_addr
                flags interval
            }

            chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                ct state invalid drop
                iif lo accept
                meta l4proto 1 accept
                meta l4proto 58 accept
                ip saddr @management tcp dport 22 accept comment "ssh"
                ip6 saddr @management6 tcp dport 22 accept
                ip saddr 10.20.0.12 meta l4proto 112 accept comment "VRRP from the peer"
                ip saddr 10.20.0.0/24 tcp dport { 5240, 5250-5270 } accept comment "MAAS between controllers"
                iifname "eth1" udp dport 67 jump dhcp
                tcp dport 113 reject
            }

            chain dhcp {
                ip6 saddr 2001:db8::/64 accept
            }
        }

        """#)
  }
}
