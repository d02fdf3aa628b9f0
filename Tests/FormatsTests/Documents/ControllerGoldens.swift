import Formats
import TestSupport
import Testing

extension DocumentGoldens {
  @Test func dhcpdPrimary() {
    expect(
      Samples.failover.primaryPreview,
      is: #"""
        authoritative;

        failover peer "failover-vlan-provisioning" {
            primary;
            address 10.30.0.2;
            peer address 10.30.0.3;
            max-response-delay 60;
            max-unacked-updates 10;
            load balance max seconds 3;
            mclt 3600;
            split 255;
        }

        subnet 10.30.0.0 netmask 255.255.255.0 {
            option routers 10.30.0.1;
            pool {
                failover peer "failover-vlan-provisioning";
                range 10.30.0.100 10.30.0.200;
            }
        }

        """#)
  }

  @Test func dhcpdSecondary() {
    expect(
      Samples.failover.secondaryPreview,
      is: #"""
        authoritative;

        failover peer "failover-vlan-provisioning" {
            secondary;
            address 10.30.0.3;
            peer address 10.30.0.2;
            max-response-delay 60;
            max-unacked-updates 10;
            load balance max seconds 3;
        }

        subnet 10.30.0.0 netmask 255.255.255.0 {
            option routers 10.30.0.1;
            pool {
                failover peer "failover-vlan-provisioning";
                range 10.30.0.100 10.30.0.200;
            }
        }

        """#)
  }

  @Test func regiond() {
    expect(
      Samples.regiond,
      is: #"""
        maas_url: "http://maas.example.net/MAAS"
        database_host: "10.20.0.10"
        database_port: 5432
        database_pass: "@maasc:database@"
        num_workers: 4
        debug: false

        """#)
  }

  @Test func rackd() {
    expect(
      Samples.rackd,
      is: #"""
        maas_url:
          - "http://10.20.0.10/MAAS"
          - "http://10.20.0.11:5240/MAAS"
        debug: true

        """#)
  }
}
