package import Diagnostics

extension Rule {
  /// Every rule, by id. A test compares this list with the files in `Catalog`.
  package static let all: [Rule] = [
    // 1xx reading
    .yamlSyntax,
    .duplicateKey,
    .unknownKey,
    .wrongKind,
    .badValue,
    .undefinedReference,
    .limits,
    .unusedEntry,
    .badSuppression,
    .missingKey,
    // 2xx versions and packages
    .mixedVersions,
    .mixedInstall,
    .unsupportedVersion,
    .installKindUnavailable,
    .postgresqlTooOld,
    .ubuntuMismatch,
    .unknownToVersion,
    .upgradeWindow,
    // 3xx placement and identity
    .rackVMHostColocation,
    .rackInSeveralMAAS,
    .duplicateIdentity,
    .singleRegion,
    .singleRack,
    .sameFailureDomain,
    .socketCollision,
    .conflictingSoftware,
    .sharedBridgeAddress,
    // 4xx PostgreSQL and connections
    .workersOutOfRange,
    .connectionLimit,
    .connectionBudget,
    .databaseEndpointSingle,
    .databaseNoFailover,
    .unsafeCredentialsCharset,
    .databasePortFixed,
    .poolerIncompatible,
    .databaseProxyTooSmall,
    .sourceNotAdmitted,
    .weakAuthentication,
    .replicationParameters,
    .quorum,
    .extensionMissing,
    .synchronousStall,
    .externalTLSRequired,
  ]

  /// Nil for an id that never was.
  package static func with(id: RuleID) -> Rule? { all.first { $0.id == id } }
  package static func with(name: String) -> Rule? { all.first { $0.name == name } }
}
