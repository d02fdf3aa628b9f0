import Diagnostics
import Formats
import NetworkTypes

/// One member of etcd: `new` only when no cluster answers and this member never had one; otherwise it joins what exists.
struct EtcdSteps {
  let host: HostPlan
  let others: [HostPlan]
  let files: [PlannedFile]
  let origin: Span

  /// One after another, so that a changed setting never takes the quorum away.
  func member(after: [Predecessor]) -> Step {
    let isRunning: Shell = """
      systemctl is-enabled --quiet \(EtcdRole.unit)
      [[ $(systemctl show -P ActiveState \(EtcdRole.unit)) == activ* ]]
      """
    let isRead: Shell = "[[ \(EtcdRole.startMark) -nt \(EtcdRole.configuration) && \(EtcdRole.startMark) -nt \(EtcdRole.dropIn) ]]"
    let isHealthy: Shell = "if [[ -e $STATE/etcd-joined ]]; then wait_until 60 'etcd has no quorum' \(health); fi"
    return Step(
      host: host, phase: .database, name: "etcd", title: "Run this member of etcd",
      why:
        "Patroni keeps the lock of its leader in etcd. A cluster is made only where none exists; a member that lost its data is replaced, not reborn.",
      after: after, check: .areCurrent(files) + isRunning + isRead, apply: .install(files) + join + apply, verify: isRunning + isHealthy,
      rollback: .lines(files.map { "restore_file \($0.path)" }) + "systemctl daemon-reload\nsystemctl restart --no-block \(EtcdRole.unit)",
      origin: origin)
  }

  func quorum(after: [Predecessor]) -> Step {
    let isSettled: Shell = "[[ -e $STATE/etcd-joined && ! -e \(EtcdRole.bootstrap) ]]\n\(health)"
    return Step(
      host: host, phase: .database, name: "etcd-quorum", title: "Wait until etcd has a quorum",
      why: "Patroni elects nobody without one. From here on this member never makes a cluster again.", after: after, check: isSettled,
      apply: """
        wait_until 120 'etcd has no quorum' \(health)
        \(Etcdctl.command([host])) put \(noteKey) joined >/dev/null
        touch "$STATE/etcd-joined"
        rm -f \(EtcdRole.bootstrap)
        """, verify: isSettled,
      back: "none: a member that has joined a cluster is removed from it with etcdctl member remove", origin: origin)
  }

  private var health: Shell { Shell(raw: "env \(Etcdctl.command([host]).code) endpoint health") }

  private var apply: Shell {
    """
    systemctl daemon-reload
    systemctl enable --quiet \(EtcdRole.unit)
    [[ -d \(EtcdRole.dataDirectory)/member ]] || join
    # It reports ready only with a quorum, which the next members may have to bring.
    systemctl restart --no-block \(EtcdRole.unit)
    wait_until 10 'etcd does not start' test -d \(EtcdRole.startMark)
    """
  }

  /// Without data: is there a cluster, and what does it know of this member?
  private var join: Shell {
    guard !others.isEmpty else {
      return "join() { [[ -e $STATE/etcd-joined ]] || echo ETCD_INITIAL_CLUSTER_STATE=new >\(EtcdRole.bootstrap); }"
    }
    return """
      others() { \(Etcdctl.command(others)) "$@"; }
      join() {
        local list id
        if ! list=$(others member list 2>/dev/null); then
          [[ ! -e $STATE/etcd-joined ]] || fail "this member of etcd lost its data, and the others do not answer; bring them back first"
          echo ETCD_INITIAL_CLUSTER_STATE=new >\(EtcdRole.bootstrap)
          return
        fi
        rm -f \(EtcdRole.bootstrap)
        id=$(awk -F ', ' -v url=\(peerURL) '$4 == url { print $1 }' <<<"$list")
        if [[ -n $id && $(others get --print-value-only \(noteKey)) == joined ]]; then
          say "this member of etcd lost its data; it is taken out of the cluster and joins again"
          others member remove "$id"
          id=''
        fi
        if [[ -z $id ]]; then others member add \(host.name) --peer-urls=\(peerURL); fi
      }
      """
  }

  /// Says in etcd itself that this member has been part of the cluster: if its data is gone, it may not come back under its old identity.
  private var noteKey: String { "/maasc/etcd/\(host.name)" }
  private var peerURL: String { "http://\(host.address.bracketed):2380" }
}
