import Diagnostics
import Planning

/// `runbook/steps.json`: the graph of steps, and the waves that deploy.sh makes of it.
func stepsJSON(_ plan: Plan, _ waves: [[Step]], _ predecessors: Predecessors) -> String {
  let value: JSON = [
    "format": 1,
    "name": .string(plan.name),
    "waves": .array(waves.map { .array($0.map { .string($0.id.description) }) }),
    "steps": .array(waves.joined().map { json($0, predecessors.names(of: $0)) }),
  ]
  return value.text() + "\n"
}

private func json(_ step: Step, _ after: [String]) -> JSON {
  [
    "id": .string(step.id.description),
    "host": .string(step.hostName),
    "phase": .string(step.phase.rawValue),
    "file": .string("hosts/\(step.hostName)/steps/\(step.fileName)"),
    "title": .string(step.title),
    "why": .string(step.why),
    "after": .array(after.map(JSON.string)),
    "secrets": .array(step.secrets.map(JSON.string)),
    "timeout": .integer(step.timeout),
    "rollback": .bool(step.rollback != nil),
    "exports": .bool(step.export != nil),
    "caution": step.caution.map(JSON.string),
  ]
}
