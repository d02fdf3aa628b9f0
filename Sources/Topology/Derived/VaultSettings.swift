import Diagnostics

extension Topology {
  /// The mount of Vault's key-value engine; only in use with `maas.vault`.
  package func vaultSecretsMount() -> Derived<String> {
    Derived(maas.vault?.secretsMount, else: "secret", because: "the default of maas config-vault")
  }
}
