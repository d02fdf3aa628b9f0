/// How many worker processes regiond may have.
package enum Workers {
  /// MAAS' own default, `num_workers` (MAAS source, src/maasserver/config.py).
  package static let usual = 4
  /// MAAS' documentation advises one for each CPU and no more than this.
  package static let advised = 8
  /// Each takes one RPC port of 5250–5259; an eleventh would get none (MAAS source, src/maasserver/rpc/regionservice.py).
  package static let most = 10
}
