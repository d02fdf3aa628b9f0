import Diagnostics
import Formats
import Topology

/// Steps that speak to MAAS' API run on the first region, as the administrator.
struct APISession {
  let host: HostID
  let user: String

  init(_ builder: PlanBuilder) {
    host = builder.topology.regions.first?.host.value ?? HostID(0)
    user = builder.topology.maas.admin?.username.value ?? "maasc"
  }

  var login: Shell { "maas_login \(user)" }

  func step(
    _ phase: Phase, _ name: String, _ title: String, why: String, after: [Predecessor], check: Shell, apply: Shell, verify: Shell,
    rollback: Shell? = nil,
    back: String? = nil, caution: String? = nil, timeout: Int = 900, origin: Span, _ builder: PlanBuilder
  ) -> Step {
    Step(
      host: builder[host], phase: phase, name: name, title: title, why: why, after: after, check: check, apply: apply, verify: verify,
      rollback: rollback, back: back, caution: caution, timeout: timeout, origin: origin)
  }
}

/// A name as part of a file's name or of a step's id: two names never give the same. It holds no dot, so that a dot can join two of them.
func slug(_ text: String) -> String {
  var result = ""
  for byte in text.utf8 {
    switch byte {
    case 48...57, 65...90, 97...122, 45, 95: result.unicodeScalars.append(Unicode.Scalar(byte))
    default: result += "+\(String(byte, radix: 16))"
    }
  }
  return result
}
