import Formats
package import Planning

/// Every file of the bundle, sorted. Decides nothing: each file is another view of the plan.
package func emit(_ plan: Plan) throws(StepGraph.Flaw) -> Bundle {
  let waves = try plan.steps.waves()
  let steps = stepsByHost(waves)
  let predecessors = Predecessors(plan.steps.steps)
  var files = plan.hosts.flatMap { hostFiles($0, plan, steps[$0.name] ?? [], predecessors) }
  files.append(OutputFile("README.md", BundleReadme(plan: plan, waves: waves).render()))
  files.append(OutputFile("runbook/deploy.sh", DeployScript(plan: plan, waves: waves).render(), executable: true))
  files.append(OutputFile("runbook/steps.json", stepsJSON(plan, waves, predecessors)))
  files += plan.runbooks.map { OutputFile("runbook/\($0.name).sh", RunbookScript(runbook: $0, plan: plan).render(), executable: true) }
  files += Ansible(plan: plan, waves: waves).files
  files.append(OutputFile("report/flows.csv", flowsCSV(plan.flows)))
  return Bundle(name: plan.name, files: files)
}

/// The steps of each host in their order, by the host's name; for look-ups only.
private func stepsByHost(_ waves: [[Step]]) -> [String: [Step]] {
  var steps: [String: [Step]] = [:]
  for wave in waves { for step in wave { steps[step.hostName, default: []].append(step) } }
  return steps
}

private func hostFiles(_ host: HostPlan, _ plan: Plan, _ steps: [Step], _ predecessors: Predecessors) -> [OutputFile] {
  let folder = "hosts/\(host.name)"
  var files = host.files.map { file in
    OutputFile(
      "\(folder)/files\(file.path)", file.content.text, origins: file.content.origins, target: .init(host: host.name, file: .init(file)))
  }
  for step in steps {
    let script = StepScript(step: step, host: host, plan: plan, predecessors: predecessors).render()
    files.append(OutputFile("\(folder)/steps/\(step.fileName)", script, executable: true, origins: [step.origin]))
  }
  files.append(OutputFile("\(folder)/verify.sh", VerifyScript(host: host, plan: plan).render(), executable: true))
  if let text = CloudInit(host: host, plan: plan, steps: steps).render() { files.append(OutputFile("cloud-init/\(host.name).yaml", text)) }
  return files
}

extension OutputFile.Installed {
  fileprivate init(_ file: PlannedFile) {
    self.init(path: file.path, owner: file.owner, group: file.group, mode: file.mode, policy: file.policy)
  }
}
