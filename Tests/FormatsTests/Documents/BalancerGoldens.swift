import Formats
import TestSupport
import Testing

extension DocumentGoldens {
  @Test func haproxy() {
    expect(
      Samples.haproxy,
      is: #"""
        global
            log /dev/log local0
            stats socket /run/haproxy/admin.sock mode 660 level admin
            maxconn 4096
            # From haproxy.extra.global, as it stands there:
            tune.bufsize 32768
            # End of haproxy.extra.global.

        defaults
            mode http
            log global
            option redispatch
            retries 3
            timeout connect 5s
            timeout client 900s
            timeout server 900s
            timeout check 1s

        # API and user interface.
        frontend maas-api
            mode http
            bind 10.20.0.10:80
            bind [2001:db8::10]:80
            monitor-uri /haproxy-alive
            option httplog
            default_backend maas-api

        frontend rpc
            mode tcp
            bind [::]:5271 v4v6
            option tcplog
            default_backend rpc

        frontend postgresql
            mode tcp
            bind 10.20.0.10:5432
            maxconn 350
            timeout client 24h
            option tcplog
            default_backend postgresql

        backend maas-api
            mode http
            balance source
            hash-type consistent
            option httpchk GET /MAAS/rpc/
            http-check expect status 200
            default-server inter 1s fastinter 200ms downinter 1s fall 2 rise 2 on-marked-down shutdown-sessions
            server infra-1 10.20.0.11:5240 check
            server infra-6 [2001:db8::11]:5240 check backup

        backend rpc
            mode tcp
            balance source
            server infra-1 10.20.0.11:5271 check

        # Only the primary answers the role check.
        backend postgresql
            mode tcp
            option httpchk OPTIONS /primary
            http-check expect status 200
            timeout server 24h
            default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
            server db-1 10.20.0.21:5432 source 10.20.0.11 check port 8008 maxconn 300

        """#)
  }

  @Test func keepalived() {
    expect(
      Samples.keepalived,
      is: #"""
        global_defs {
            router_id infra-1
            vrrp_version 3
            script_user root
            enable_script_security
        }

        # HAProxy lives; says nothing about servers.
        vrrp_script haproxy_alive {
            script "/usr/bin/curl -sf -m 1 -o /dev/null http://10.20.0.11:80/haproxy-alive"
            interval 1
            timeout 2
            fall 2
            rise 2
        }

        vrrp_instance api {
            state BACKUP
            nopreempt
            interface eth0
            virtual_router_id 51
            priority 150
            advert_int 0.3
            unicast_src_ip 10.20.0.11
            unicast_peer {
                10.20.0.12
            }
            virtual_ipaddress {
                10.20.0.10/24 dev eth0
            }
            track_script {
                haproxy_alive
            }
        }

        vrrp_instance api6 {
            state BACKUP
            interface eth0
            virtual_router_id 52
            priority 150
            advert_int 1
            unicast_src_ip 2001:db8::11
            unicast_peer {
                2001:db8::12
            }
            virtual_ipaddress {
                2001:db8::10/64 dev eth0
            }
            track_script {
                haproxy_alive
            }
        }

        """#)
  }

  @Test func sysctl() {
    expect(
      Samples.sysctl,
      is: #"""
        # HAProxy binds the virtual address before it arrives.
        net.ipv4.ip_nonlocal_bind = 1

        """#)
  }
}
