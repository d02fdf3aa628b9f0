/// A setting of MAAS as a whole, as `maas set-config` names it.
package struct MAASSetting: Hashable, Sendable {
  package enum Kind: String, Sendable { case text, integer, boolean }
  package let name: String
  package let kind: Kind
  /// Both ends belong to it.
  package let bounds: ClosedRange<Int>?
  package let lifespan: Lifespan
}

/// The settings that `maas set-config` takes; it refuses every other name.
package enum Settings {
  package static let source = "MAAS source, src/maasserver/forms/settings.py (CONFIG_ITEMS) by branch, src/maasservicelayer/models/configurations.py"

  package static func setting(_ name: String) -> MAASSetting? { table.first { $0.name == name } }
  package static func settings(for version: MAASVersion) -> [MAASSetting] { table.filter { $0.lifespan.contains(version) } }

  package static let table: [MAASSetting] = [
    text("active_discovery_interval"),
    flag("allow_only_trusted_transfers", .since(3, 5)),
    flag("auto_vlan_creation"),
    flag("boot_images_auto_import"),
    flag("boot_images_no_proxy"),
    text("commissioning_distro_series"),
    flag("completed_intro"),
    flag("curtin_verbose"),
    text("default_boot_interface_link_type", .since(3, 6)),
    text("default_distro_series"),
    number("default_dns_ttl"),
    text("default_min_hwe_kernel"),
    text("default_osystem"),
    text("default_storage_layout"),
    flag("disk_erase_with_quick_erase"),
    flag("disk_erase_with_secure_erase"),
    text("dns_trusted_acl"),
    text("dnssec_validation"),
    flag("enable_analytics"),
    flag("enable_disk_erasing_on_release"),
    flag("enable_http_proxy"),
    flag("enable_kernel_crash_dump", .since(3, 6)),
    flag("enable_third_party_drivers"),
    flag("enlist_commissioning"),
    flag("experimental_switch_provisioning", .since(3, 8)),
    flag("force_v1_network_yaml"),
    text("hardware_sync_interval"),
    text("http_proxy"),
    text("kernel_opts"),
    text("maas_auto_ipmi_cipher_suite_id"),
    text("maas_auto_ipmi_k_g_bmc_key"),
    text("maas_auto_ipmi_user"),
    text("maas_auto_ipmi_user_privilege_level"),
    text("maas_auto_ipmi_workaround_flags"),
    text("maas_internal_domain"),
    text("maas_name"),
    number("maas_proxy_port", 1...65535),
    number("maas_syslog_port", 1...65535),
    number("max_node_commissioning_results", 1...Int.max),
    number("max_node_installation_results", 1...Int.max),
    number("max_node_release_results", 1...Int.max, .since(3, 5)),
    number("max_node_testing_results", 1...Int.max),
    text("network_discovery"),
    number("node_timeout", 1...Int.max),
    flag("ntp_external_only"),
    text("ntp_servers"),
    flag("prefer_v4_proxy"),
    flag("prometheus_enabled"),
    text("prometheus_push_gateway"),
    number("prometheus_push_interval"),
    flag("promtail_enabled"),
    number("promtail_port"),
    number("refresh_token_duration", 600...5_184_000, .since(3, 8)),
    flag("release_notifications"),
    text("remote_syslog"),
    number("session_length", 10...1_209_600),
    number("subnet_ip_exhaustion_threshold_count", 1...Int.max),
    text("theme"),
    flag("tls_cert_expiration_notification_enabled"),
    number("tls_cert_expiration_notification_interval", 1...90),
    text("upstream_dns"),
    flag("use_peer_proxy"),
    flag("use_rack_proxy"),
    text("vcenter_datacenter"),
    text("vcenter_password"),
    text("vcenter_server"),
    text("vcenter_username"),
    text("windows_kms_host"),
  ]

  private static func text(_ name: String, _ lifespan: Lifespan = .always) -> MAASSetting {
    MAASSetting(name: name, kind: .text, bounds: nil, lifespan: lifespan)
  }
  private static func flag(_ name: String, _ lifespan: Lifespan = .always) -> MAASSetting {
    MAASSetting(name: name, kind: .boolean, bounds: nil, lifespan: lifespan)
  }
  private static func number(_ name: String, _ bounds: ClosedRange<Int>? = nil, _ lifespan: Lifespan = .always) -> MAASSetting {
    MAASSetting(name: name, kind: .integer, bounds: bounds, lifespan: lifespan)
  }
}
