import Diagnostics
import NetworkTypes

extension PatroniConf {
  package func write(to writer: inout TextWriter) {
    writer.from(origin) { yaml.write(to: &$0) }
  }

  private var yaml: YAMLValue {
    .mapping([
      YAMLEntry("scope", .text(scope)),
      YAMLEntry("name", .text(member.description)),
      YAMLEntry("restapi", ["listen": .text(endpoint(restPort)), "connect_address": .text(endpoint(restPort))]),
      YAMLEntry("etcd3", .mapping([YAMLEntry("hosts", .sequence(etcd.map(\.item)))])),
      YAMLEntry("bootstrap", bootstrap, comment: "Read by the first member of a new cluster only; later: patronictl edit-config."),
      YAMLEntry("postgresql", postgresql),
      YAMLEntry("watchdog", ["mode": "off"]),
      YAMLEntry("tags", ["nofailover": false, "noloadbalance": false, "clonefrom": false, "nosync": false]),
    ])
  }

  private var bootstrap: YAMLValue {
    .mapping([
      YAMLEntry("dcs", cluster.dcs),
      YAMLEntry("initdb", .sequence([YAMLItem(["encoding": "UTF8"]), YAMLItem(["locale": "C.UTF-8"]), YAMLItem("data-checksums")])),
      YAMLEntry("pg_hba", cluster.hbaItems),
    ])
  }

  private var postgresql: YAMLValue {
    let listen = listensOnLoopback ? "\(address.bracketed),127.0.0.1:\(port)" : endpoint(port)
    return .mapping(
      [
        YAMLEntry("listen", .text(listen)),
        YAMLEntry("connect_address", .text(endpoint(port))),
        YAMLEntry("data_dir", .text(dataDirectory)),
        YAMLEntry("bin_dir", .text(binaryDirectory)),
      ]
        + (configurationDirectory.map { [YAMLEntry("config_dir", .text($0))] } ?? [])
        + [
          YAMLEntry("pgpass", .text(passwordFile)),
          // Else a copy waits for the next checkpoint, minutes away.
          YAMLEntry("basebackup", .sequence([YAMLItem(["checkpoint": "fast"])])),
          YAMLEntry("authentication", ["superuser": superuser.yaml, "replication": replication.yaml, "rewind": rewind.yaml]),
          YAMLEntry("parameters", ["unix_socket_directories": .text(socketDirectory)]),
        ])
  }

  private func endpoint(_ port: Int) -> String { "\(address.bracketed):\(port)" }
}

extension PatroniConf.ClusterSettings {
  /// `pg_hba` stands here too, so that `patronictl edit-config` owns it for all members.
  package var dcs: YAMLValue {
    .mapping([
      YAMLEntry("ttl", .integer(ttl)),
      YAMLEntry("loop_wait", .integer(loopWait)),
      YAMLEntry("retry_timeout", .integer(retryTimeout)),
      YAMLEntry("maximum_lag_on_failover", .integer(maximumLag)),
      YAMLEntry("failsafe_mode", .boolean(failsafe)),
      YAMLEntry("synchronous_mode", .boolean(synchronous)),
      YAMLEntry("postgresql", postgresql),
    ])
  }

  private var postgresql: YAMLValue {
    .mapping([
      YAMLEntry("use_pg_rewind", true),
      YAMLEntry("use_slots", true),
      YAMLEntry("parameters", .mapping(parameters.map { YAMLEntry($0.name.description, $0.value.yaml, origin: $0.origin) })),
      YAMLEntry("pg_hba", hbaItems),
    ])
  }

  var hbaItems: YAMLValue { .sequence(hba.map { YAMLItem(.text($0.text), origin: $0.origin) }) }
}

extension PatroniConf.Etcd {
  fileprivate var item: YAMLItem { YAMLItem(.text("\(address.bracketed):\(port)"), origin: origin) }
}

extension PatroniConf.Role {
  fileprivate var yaml: YAMLValue {
    .mapping([YAMLEntry("username", .text(user), origin: origin), YAMLEntry("password", .secret(password), origin: origin)])
  }
}
