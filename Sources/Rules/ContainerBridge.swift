import Diagnostics
import Topology

extension Interface {
  /// The bridge of a container or virtual machine runtime, by the name that the runtime gives it. Its address is the same on every machine.
  var isContainerBridge: Bool {
    let prefixes = ["docker", "br-", "virbr", "lxdbr", "lxcbr", "podman", "cni", "flannel", "cali", "kube-bridge", "nerdctl"]
    return vlan == nil && prefixes.contains { name.value.hasPrefix($0) }
  }
}
