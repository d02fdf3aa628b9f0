import Diagnostics
import Formats
import NetworkTypes
import Topology

/// MAAS' own settings, boot sources, fabrics, VLANs, subnets and ranges. They exist before any rack-only host registers, so that its interfaces
/// are found on them instead of on fabrics that MAAS makes up.
package enum NetworksRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    guard topology.level(of: .networks) != .none, let first = topology.regions.first?.host.value else { return }
    let session = APISession(builder)
    if topology.level(of: .networks) == .full {
      let settings = settings(session, builder) + bootSources(session, builder)
      for step in settings { builder.add(step, reaching: .networks) }
    }
    guard topology.fabrics.contains(where: { !$0.vlans.isEmpty }) else { return }
    builder[first].files.append(
      PlannedFile(
        path: NetworkProgram.path, policy: .preview, content: NetworkProgram.text, keyPath: "fabrics", origin: topology.fabrics[0].name.span))
    for fabric in topology.fabrics where !fabric.vlans.isEmpty {
      let file = FabricFile(fabric, topology)
      builder[first].files.append(file.planned)
      if topology.level(of: .networks) == .full { builder.add(step(file, session, builder), reaching: .networks) }
    }
  }

  private static func step(_ file: FabricFile, _ session: APISession, _ builder: PlanBuilder) -> Step {
    let read: Shell = "calls=$(network_calls \"$FILES\"\(file.path))"
    // Each round asks anew, because an object must exist before another can refer to it.
    let apply: Shell = """
      \(session.login)
      for _ in 1 2 3 4 5 6 7 8; do
        \(read)
        [[ -n $calls ]] || break
        maas_calls "$calls"
      done
      """
    let verify: Shell = """
      \(session.login)
      \(read)
      [[ -z $calls ]] || fail "MAAS still lacks: $(head -n 5 <<<"$calls")"
      """
    return session.step(
      .networks, "fabric-\(file.slug)", "Have the fabric \(file.name) in MAAS",
      why: "Subnets that MAAS found by itself are adopted or moved to their VLAN; nothing is made twice.",
      after: builder.after(.held),
      check: verify, apply: apply, verify: verify,
      back: "its log has every call: what was made can be deleted in MAAS, what was moved be moved back", timeout: 3600, origin: file.origin, builder)
  }

  private static func settings(_ session: APISession, _ builder: PlanBuilder) -> [Step] {
    let settings = builder.topology.maas.settings
    guard let first = settings.first else { return [] }
    let compare = settings.map { setting -> Shell in
      let value = setting.value.value.text.split { $0 == "," || $0 == " " }.joined(separator: " ")
      return "now=$(maas_setting \(setting.name.value))\n[[ $now == \(value) ]] || fail \"\(raw: setting.name.value) is ${now@Q}\""
    }
    let set = settings.map { setting -> Shell in
      """
      now=$(maas_setting \(setting.name.value))
      say "\(raw: setting.name.value) was ${now@Q}"
      maas_api maas set-config \("name=\(setting.name.value)") \("value=\(setting.value.value.text)") >/dev/null
      """
    }
    let check = session.login + Shell.lines(compare)
    return [
      session.step(
        .networks, "settings", "Set MAAS' own settings", why: "They hold for the installation as a whole and live in the database.",
        after: builder.after(.held), check: check, apply: session.login + Shell.lines(set), verify: check,
        back: "its log has every value from before: name those in the topology and deploy again",
        origin: first.name.span.union(settings[settings.count - 1].value.span), builder)
    ]
  }

  private static func bootSources(_ session: APISession, _ builder: PlanBuilder) -> [Step] {
    let sources = builder.topology.maas.bootSources
    guard let first = sources.first else { return [] }
    let wanted = JSON.array(
      sources.map { ["url": .string($0.url.value.description), "keyring_filename": ($0.keyring?.value).map(JSON.string)] })
    let read: Shell = """
      sources=$(maas_api boot-sources read)
      calls=$(jq -c --argjson want \(wanted.text(.compact)) \(Self.sourceCalls) <<<"$sources")
      """
    let verify: Shell = "\(session.login)\n\(read)\n[[ -z $calls ]] || fail \"MAAS still lacks: $calls\""
    return [
      session.step(
        .networks, "boot-sources", "Have the boot sources in MAAS", why: "MAAS begins with a source on the Internet, which a site's mirror replaces.",
        after: builder.after(.held), check: verify, apply: "\(session.login)\n\(read)\nmaas_calls \"$calls\"",
        verify: verify, back: "its log has every call: give the source its old URL in the topology and deploy again",
        origin: first.url.span, builder)
    ]
  }

  /// A source that is not wanted is changed into one that is missing, so that the selections made for it stay.
  private static let sourceCalls = """
    . as $now
    | [$want[] | select(.url as $url | all($now[]; .url != $url))] as $missing
    | [$now[] | select(.url as $url | all($want[]; .url != $url))] as $spare
    | (range($missing | length) as $i
        | [$missing[$i] | to_entries[] | "\\(.key)=\\(.value)"] as $words
        | if $spare[$i] then ["boot-source", "update", "\\($spare[$i].id)"] + $words else ["boot-sources", "create"] + $words end),
      ($now[] | . as $one | $want[] | select(.url == $one.url and .keyring_filename and .keyring_filename != $one.keyring_filename)
        | ["boot-source", "update", "\\($one.id)", "keyring_filename=\\(.keyring_filename)"])
    """
}
