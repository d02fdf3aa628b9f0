/// What regiond.conf and rackd.conf may hold. MAAS ignores a key that it does not know, without a word.
package enum ControllerOptions {
  /// Temporal's cluster address (MAAS source, src/maasserver/regiondservices/temporal.py).
  package static let broadcastAddress = Lifespan.since(3, 5)
}
