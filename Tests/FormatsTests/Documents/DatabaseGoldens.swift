import Formats
import TestSupport
import Testing

extension DocumentGoldens {
  @Test func postgresql() {
    expect(
      Samples.postgresql,
      is: #"""
        # Never *.
        listen_addresses = '10.20.0.21,127.0.0.1'
        max_connections = 350
        shared_buffers = '128MB'
        hot_standby = on
        wal_receiver_timeout = '30s'
        cluster_name = 'it''s a \\ \n test'
        password_encryption = 'scram-sha-256'

        """#)
  }

  @Test func hba() {
    expect(
      Samples.hba,
      is: #"""
        local all postgres peer
        # infra-1
        host maasdb maas 10.20.0.11/32 scram-sha-256
        host replication replicator 2001:db8::22/128 scram-sha-256
        host "replication","my ""db""" "all",+staff 10.9.0.0/24 md5
        host all all all reject

        """#)
  }

  @Test func patroni() throws {
    let document = try #require(Samples.patroni)
    expect(
      document,
      is: #"""
        scope: "prague"
        name: "db-1"
        restapi:
          listen: "10.20.0.21:8008"
          connect_address: "10.20.0.21:8008"
        etcd3:
          hosts:
            - "10.20.0.11:2379"
            - "[2001:db8::12]:2379"
        # Read by the first member of a new cluster only; later: patronictl edit-config.
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 5
            retry_timeout: 5
            maximum_lag_on_failover: 1048576
            failsafe_mode: true
            synchronous_mode: false
            postgresql:
              use_pg_rewind: true
              use_slots: true
              parameters:
                max_connections: 350
                wal_log_hints: "on"
                wal_keep_size: "1GB"
              pg_hba:
                - "local all all peer"
                - "host replication replicator 10.20.0.22/32 scram-sha-256"
          initdb:
            - encoding: "UTF8"
            - locale: "C.UTF-8"
            - "data-checksums"
          pg_hba:
            - "local all all peer"
            - "host replication replicator 10.20.0.22/32 scram-sha-256"
        postgresql:
          listen: "10.20.0.21,127.0.0.1:5432"
          connect_address: "10.20.0.21:5432"
          data_dir: "/var/lib/postgresql/15/main"
          bin_dir: "/usr/lib/postgresql/15/bin"
          pgpass: "/var/lib/postgresql/.pgpass"
          basebackup:
            - checkpoint: "fast"
          authentication:
            superuser:
              username: "postgres"
              password: "@maasc:pg-super@"
            replication:
              username: "replicator"
              password: "@maasc:replication@"
            rewind:
              username: "rewind"
              password: "@maasc:pg-rewind@"
          parameters:
            unix_socket_directories: "/var/run/postgresql"
        watchdog:
          mode: "off"
        tags:
          nofailover: false
          noloadbalance: false
          clonefrom: false
          nosync: false

        """#)
  }

  @Test func etcd() throws {
    let document = try #require(Samples.etcd)
    expect(
      document,
      is: #"""
        ETCD_NAME="infra-1"
        ETCD_DATA_DIR="/var/lib/etcd/prague"
        ETCD_LISTEN_PEER_URLS="http://10.20.0.11:2380"
        ETCD_LISTEN_CLIENT_URLS="http://10.20.0.11:2379,http://127.0.0.1:2379"
        ETCD_INITIAL_ADVERTISE_PEER_URLS="http://10.20.0.11:2380"
        ETCD_ADVERTISE_CLIENT_URLS="http://10.20.0.11:2379"
        ETCD_STRICT_RECONFIG_CHECK="true"
        ETCD_LOGGER="zap"
        ETCD_INITIAL_CLUSTER="infra-1=http://10.20.0.11:2380,infra-2=http://[2001:db8::12]:2380"
        ETCD_INITIAL_CLUSTER_STATE="new"
        ETCD_INITIAL_CLUSTER_TOKEN="prague"

        """#)
  }
}
