import Diagnostics

extension Topology {
  var patroni: Patroni? {
    if case .patroni(let patroni) = postgresql.deployment { patroni } else { nil }
  }

  /// The name of the Patroni cluster, the folder of its keys in etcd.
  package func patroniScope() -> Derived<String> { Derived(patroni?.scope, else: name.value, because: "the installation's name") }

  /// Seconds until a leader that went silent loses its lock: with 20, a new primary serves after about 18 s.
  package func patroniTTL() -> Derived<Int> {
    Derived(patroni?.ttl, else: 20, because: "a lost primary is replaced within it; loop_wait + 2 × retry_timeout = 15 stays below it")
  }

  /// Seconds between two looks at the cluster.
  package func patroniLoopWait() -> Derived<Int> { Derived(patroni?.loopWait, else: 5, because: "loop_wait + 2 × retry_timeout must not exceed ttl") }

  /// Seconds for which a failing etcd or PostgreSQL is tried again.
  package func patroniRetryTimeout() -> Derived<Int> {
    Derived(patroni?.retryTimeout, else: 5, because: "loop_wait + 2 × retry_timeout must not exceed ttl")
  }

  /// Whether a primary that sees all members may go on while etcd has no quorum.
  package func patroniFailsafe() -> Derived<Bool> {
    Derived(patroni?.failsafeMode, else: true, because: "the loss of etcd alone must not stop a healthy primary")
  }
}
