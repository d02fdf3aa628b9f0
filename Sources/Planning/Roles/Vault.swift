import Diagnostics
package import Formats
import MAASFacts
import NetworkTypes
import Topology

/// Vault: every region learns of it, each with a wrapped token of its own; then the secrets move, once.
package enum VaultRole {
  /// Succeeds where MAAS was told of Vault; the path of regiond.conf follows. An empty value is written as `''`, any other with or without quotes.
  package static let isConfigured: Shell = #"grep -Eqs "^vault_secret_id: *['\"]?[^ '\"]""#

  package static func plan(_ builder: inout PlanBuilder) {
    guard let vault = builder.topology.maas.vault else { return }
    let regions = builder.topology.regions.filter { builder.topology.level(of: .maas, on: $0.host.value) == .full }
    var previous = builder.after(.images)
    for region in regions {
      var step = configure(region, vault, &builder)
      step.after = previous
      previous = [.step(builder.add(step, reaching: .vault))]
    }
    guard let first = regions.first else { return }
    var step = migrate(first, vault, builder)
    step.after = previous
    builder.add(step, reaching: .vault)
    builder.cautions.append(
      "`maas config-vault configure` takes its wrapped token only as an argument: the token works once, and is asked for immediately before.")
    builder.cautions.append("What MAAS keeps in Vault is in no backup of this bundle: back Vault up too, or a restored MAAS cannot read its secrets.")
  }

  private static func configure(_ region: Region, _ vault: Vault, _ builder: inout PlanBuilder) -> Step {
    let host = MAASHost(builder.topology, region.host.value)
    let role = builder.need(vault.approleID.value)
    let token = builder.need(vault.wrappedToken.value)
    let configured: Shell = "\(isConfigured) \(host.paths.regiondConf)"
    let mount = vault.secretsMount.map { ["--mount", $0.value] } ?? []
    let apply: Shell = """
      touch "$STATE/maas-restart"
      maas config-vault configure --yes \(mount) \(vault.url.value) "$(secret \(role))" "$(secret \(token))" \(vault.secretsPath.value)
      \(host.reread)
      wait_until 600 \("the region does not serve; see: \(host.log)") region_answers \(host.hostname)
      """
    return Step(
      host: builder[host.host], phase: .vault, name: "configure", title: "Tell this region of Vault",
      why: "MAAS moves its secrets only when every region can read them there.", check: configured + "[[ ! -e $STATE/maas-restart ]]",
      apply: "if ! \(configured); then\n  \(apply)\nelse\n  \(host.reread)\nfi", verify: configured,
      back: "until MAAS' secrets are moved: take the vault_ keys out of \(host.paths.regiondConf) and restart MAAS", secrets: [role, token],
      caution: "MAAS on this region restarts.", origin: vault.span)
  }

  private static func migrate(_ region: Region, _ vault: Vault, _ builder: PlanBuilder) -> Step {
    let host = MAASHost(builder.topology, region.host.value)
    let enabled: Shell = "maas config-vault status | grep -qx 'status: enabled'"
    return Step(
      host: builder[host.host], phase: .vault, name: "migrate", title: "Move MAAS' secrets to Vault",
      why: "MAAS restarts all regions, moves the secrets of the database, and each region the database's credentials of its regiond.conf.",
      check: enabled,
      apply: """
        said=$(timeout 900 maas config-vault migrate 2>&1) || fail "maas config-vault migrate: $(tail -n 10 <<<"$said")"
        wait_until 600 \("the region does not serve; see: \(host.log)") region_answers \(host.hostname)
        """,
      verify: enabled, back: "none but runbook/restore.sh, with a backup from before",
      caution: "No way back: take a backup first. All regions restart. Set maas.vault.migrated to true in the topology afterwards.", timeout: 1800,
      origin: vault.span)
  }
}
