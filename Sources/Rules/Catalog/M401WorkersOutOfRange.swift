import Diagnostics
import MAASFacts
import Topology

extension Rule {
  static let workersOutOfRange = Rule(
    401, "workers-out-of-range", .error,
    summary: "num_workers is below 1, above the number of RPC ports, or above what the host can use",
    why: """
      Each worker listens on one port of 5250–5259, so an eleventh gets no RPC endpoint (MAAS source, src/maasserver/rpc/regionservice.py): an \
      error. MAAS reads any positive number without complaint and stops on zero. Its documentation advises one worker for each CPU and at most \
      eight: a warning, since each also opens ten database connections.
      """,
    examples: [
      .bad(
        "more workers than RPC ports", as: .error,
        """
        regions:
          infra-1: {num_workers: ⟦11⟧}
          infra-2: {num_workers: 4}
        """),
      .bad(
        "no worker", as: .error,
        """
        regions:
          infra-1: {num_workers: 4}
          infra-2: {num_workers: ⟦0⟧}
        """),
      .bad(
        "more than is advised", as: .warning,
        """
        regions:
          infra-1: {num_workers: ⟦9⟧}
          infra-2: {num_workers: 4}
        """),
      .good(
        "as many as is advised",
        """
        regions:
          infra-1: {num_workers: 8}
          infra-2: {num_workers: 4}
        """),
      .good(
        "one worker",
        """
        regions:
          infra-1: {num_workers: 1}
          infra-2: {num_workers: 4}
        """),
    ],
    check: .topology { context, report in
      for region in context.topology.regions {
        guard let workers = region.numWorkers else { continue }
        let cpus = context.topology[region.host.value].cpus
        if workers.value < 1 || workers.value > Workers.most {
          report.report(
            "num_workers is \(workers.value), allowed are 1 to \(Workers.most)", at: workers.span,
            notes: ["each worker takes one of the \(Workers.most) RPC ports"], help: "set num_workers: \(Workers.advice(cpus?.value))",
            fix: [TextEdit(workers.span, "\(Workers.advice(cpus?.value))")])
        } else if workers.value > Workers.advised {
          report.report(
            "num_workers is \(workers.value), MAAS' documentation advises at most \(Workers.advised)", at: workers.span, as: .warning,
            help: "set num_workers: \(Workers.advice(cpus?.value))")
        } else if let cpus, workers.value > cpus.value {
          report.report(
            "num_workers is \(workers.value) on a host with \(cpus.value.counted("CPU"))", at: workers.span, as: .warning,
            secondary: [Label(cpus.span, cpus.value.counted("CPU"))], help: "set num_workers: \(Workers.advice(cpus.value))")
        }
      }
    })
}

extension Workers {
  /// One for each CPU, within what is advised.
  fileprivate static func advice(_ cpus: Int?) -> Int { max(1, min(cpus ?? usual, advised)) }
}
