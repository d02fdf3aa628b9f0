/// Installations that between them make every step of MAAS: snap and deb, racks on hosts of their own and on regions, with and without a balancer.
enum MAASTopologies {
  static let all: [(name: String, text: String)] = [("split", split), ("converged", converged), ("small", small)]

  static let split = """
    schema: 1
    name: split
    maas:
      version: "3.7"
      url: http://maas.example.net/MAAS
      admin: {username: admin, email: ops@example.net, password: admin}
      settings: {ntp_servers: 10.20.0.1, upstream_dns: "10.20.0.1, 10.20.0.2", enable_http_proxy: true}
      boot_sources: [{url: "http://mirror/ephemeral-v3/stable/", keyring: /usr/share/keyrings/ubuntu-cloudimage-keyring.gpg}]
      tls: {port: 5443, certificate: tls-cert, key: tls-key}
      vault: {url: https://vault.example.net, secrets_path: maas, secrets_mount: kv, approle_id: vault-role, wrapped_token: vault-token}
    packages: {snap: {cohort: prg}}
    secrets:
      admin: {env: MAAS_ADMIN_PASSWORD}
      database: {file: /root/secrets/database}
      replication: {file: /root/secrets/replication}
      tls-cert: {file: /root/tls.pem}
      tls-key: {file: /root/tls.key}
      vault-role: {env: ROLE}
      vault-token: {command: [get-token], per_host: true}
    hosts:
      infra-1: {address: 10.20.0.11, zone: a, cpus: 16, os: ubuntu-24.04}
      infra-2: {address: 10.20.0.12, zone: b, cpus: 16, os: ubuntu-24.04}
      db-1: {address: 10.20.0.21, zone: a, os: ubuntu-24.04}
      db-2: {address: 10.20.0.22, zone: b, os: ubuntu-24.04}
      rack-a1: {address: 10.20.0.31, zone: a, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.2, lab: 10.60.0.2}}
      rack-a2: {address: 10.20.0.32, zone: b, os: ubuntu-24.04, addresses: {provisioning: 10.30.0.3, lab: 10.60.0.3}}
    regions: {infra-1: {}, infra-2: {num_workers: 5, options: {debug: true}}}
    racks: {rack-a1: {options: {tftp_port: 69}}, rack-a2: {}}
    postgresql:
      version: 16
      mode: streaming
      members: [db-1, db-2]
      database: {password: database}
      replication: {password: replication}
    haproxy:
      hosts: [infra-1, infra-2]
      vips: [{address: 10.20.0.10/24, interface: eth0}]
    fabrics:
      fabric-1:
        provisioning:
          vid: 100
          mtu: 1500
          space: machines
          subnets:
            10.30.0.0/24:
              gateway: 10.30.0.1
              dns_servers: [10.20.0.10]
              ranges:
                - {type: dynamic, start: 10.30.0.100, end: 10.30.0.200}
                - {type: reserved, start: 10.30.0.4, end: 10.30.0.9, comment: it's ours}
          dhcp: {primary_rack: rack-a1, secondary_rack: rack-a2}
        bmc: {vid: 110, subnets: {10.40.0.0/24: {gateway: 10.40.0.1}}}
        office:
          vid: 120
          subnets: {10.50.0.0/24: {ranges: [{type: dynamic, start: 10.50.0.100, end: 10.50.0.200}]}}
          relay: {to: provisioning, helpers: [10.30.0.2, 10.30.0.3]}
        lab:
          vid: 130
          subnets: {10.60.0.0/24: {ranges: [{type: dynamic, start: 10.60.0.100, end: 10.60.0.200}]}}
          dhcp: {primary_rack: rack-a2, secondary_rack: rack-a1}
        quiet: {vid: 140, dhcp: false}
    backup: {host: infra-2}

    """

  static let converged = """
    schema: 1
    name: converged
    maas:
      version: "3.6"
      install: deb
      admin: {username: ops, email: ops@example.net, password: admin}
      vault: {url: https://vault.example.net, secrets_path: maas, approle_id: vault-role, wrapped_token: vault-token, migrated: true}
    packages: {apt: {versions: {maas: "1:3.6.5-*"}}}
    secrets:
      admin: {env: MAAS_ADMIN_PASSWORD}
      database: {file: /root/secrets/database}
      replication: {file: /root/secrets/replication}
      vault-role: {env: ROLE}
      vault-token: {command: [get-token], per_host: true}
    hosts:
      node-1: {address: 10.20.0.11, zone: a, os: ubuntu-24.04, addresses: {pxe: 10.30.0.2}}
      node-2: {address: 10.20.0.12, zone: b, os: ubuntu-24.04, addresses: {pxe: 10.30.0.3}}
      rack-9: {address: 10.20.0.19, zone: c, os: ubuntu-24.04, addresses: {far: 10.90.0.2}}
    regions: {node-1: {}, node-2: {}}
    racks: {node-1: {}, node-2: {}, rack-9: {}}
    postgresql:
      version: 16
      mode: streaming
      members: [node-1, node-2]
      database: {password: database}
      replication: {password: replication}
    haproxy:
      hosts: [node-1, node-2]
      vips: [{address: 10.20.0.10/24, interface: eth0}]
    fabrics:
      fabric-0:
        pxe:
          subnets: {10.30.0.0/24: {ranges: [{type: dynamic, start: 10.30.0.100, end: 10.30.0.200}]}}
          dhcp: {primary_rack: node-1, secondary_rack: node-2}
      fabric-9:
        far:
          vid: 9
          subnets: {10.90.0.0/24: {ranges: [{type: dynamic, start: 10.90.0.100, end: 10.90.0.200}]}}
          dhcp: {primary_rack: rack-9}
    backup: {host: node-2}

    """

  static let small = """
    schema: 1
    name: small
    maas: {version: "3.8"}
    packages: {snap: {files: /srv/snaps}}
    secrets: {database: {file: /root/secrets/database}}
    hosts: {one: {address: 10.20.0.11}}
    regions: {one: {}}
    racks: {one: {}}
    postgresql:
      mode: external
      database: {password: database}
      external: {host: pg.example.net}

    """
}
