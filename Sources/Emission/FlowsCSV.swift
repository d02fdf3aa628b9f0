import Formats
import Planning

/// `report/flows.csv`: every flow, for the firewalls of other teams.
func flowsCSV(_ flows: [PlannedFlow]) -> String {
  let header = ["from", "from_addresses", "to", "to_addresses", "transport", "ports", "why"]
  let rows = flows.map { flow in
    [
      flow.from.name, flow.from.addresses.joined(separator: " "), flow.to.name, flow.to.addresses.joined(separator: " "), flow.transport,
      flow.ports, flow.why,
    ]
  }
  return ([header] + rows).map { CSV.row($0) + "\n" }.joined()
}
