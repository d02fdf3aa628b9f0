import ArgumentParser
import Compiler
import Diagnostics
import Glibc
import Rules

/// `text`, or `sarif=out.sarif`.
struct FormatRequest: ExpressibleByArgument {
  var format: ReportFormat
  var path: String?

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let format = ReportFormat(rawValue: parts[0]), parts.count == 1 || !parts[1].isEmpty else { return nil }
    self.format = format
    path = parts.count == 2 ? parts[1] : nil
  }

  static var allValueStrings: [String] { ReportFormat.allCases.map(\.rawValue) }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

enum Threshold: String, CaseIterable, ExpressibleByArgument {
  case hint, warning, error
  var severity: Severity { Severity(rawValue: rawValue) ?? .error }
}

/// How findings are shown, and when they make the command fail.
struct FindingsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Report format, with a path after '=' for all but one; may be repeated.", valueName: "format[=path]"))
  var format: [FormatRequest] = []
  @Option(help: "Severity from which findings make the exit code 1.")
  var failOn: Threshold = .error
  @Option(help: ArgumentHelp("Show at most this many findings, the worst ones.", valueName: "count"))
  var maxFindings = 100
  @Option(help: "Colour on a terminal, always or never; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    if format.count(where: { $0.path == nil }) > 1 {
      throw ValidationError("only one --format goes to the terminal; give the others a path: sarif=out.sarif")
    }
    if maxFindings < 1 { throw ValidationError("--max-findings takes a number from 1") }
  }

  /// Prints the findings to `descriptor` and to files, and ends with the exit code that they ask for.
  func show(_ checked: Checked, files: Int? = nil, baselined: Int = 0, to descriptor: Int32, isQuietWhenClean: Bool = false) throws {
    let requests = format.contains { $0.path == nil } ? format : [FormatRequest(argument: "text")].compactMap { $0 } + format
    let whole = finalize(checked.diagnostics, in: checked.sources, files: files, baselined: baselined, limit: nil)
    for request in requests {
      let isForPeople = request.format == .text || request.format == .github
      let report = isForPeople ? whole.limited(to: maxFindings) : whole
      if isQuietWhenClean, request.path == nil, request.format == .text, !report.hasFindings { continue }
      try emit(render(report, as: request.format, rules: Rule.all.map(\.description), options: options(request, descriptor)), request, descriptor)
      if request.format == .github { writeStepSummary(report, options(request, descriptor)) }
    }
    if let worst = whole.worst, worst >= failOn.severity { throw ExitStatus.findings }
  }

  private func options(_ request: FormatRequest, _ descriptor: Int32) -> ReportOptions {
    var options = ReportOptions(toolVersion: programVersion)
    options.isColored = request.path == nil && Console.isColored(color, descriptor: descriptor)
    options.columns = request.path == nil ? Console.columns(descriptor) : nil
    options.paths = WorkingDirectory.paths
    return options
  }

  private func emit(_ text: String, _ request: FormatRequest, _ descriptor: Int32) throws {
    guard let path = request.path else { return descriptor == STDOUT_FILENO ? Console.output(text) : Console.report(text) }
    try TextFile.write(text, to: path)
  }

  /// GitHub shows ten annotations of a step; the rest is found in its summary.
  private func writeStepSummary(_ report: FindingsReport, _ options: ReportOptions) {
    let path = Console.environment("GITHUB_STEP_SUMMARY")
    guard !path.isEmpty else { return }
    try? TextFile.append(githubStepSummary(report, options: options), to: path)
  }
}

/// Where relative paths of a report begin: at the root of the repository, if there is one.
enum WorkingDirectory {
  static var paths: RelativePaths {
    guard let here = current else { return RelativePaths() }
    var root = here
    while !Files.exists(root + "/.git") {
      guard let slash = root.lastIndex(of: "/"), slash != root.startIndex else { return RelativePaths(root: here) }
      root = String(root[..<slash])
    }
    return RelativePaths(root: root, directory: root == here ? "" : String(here.dropFirst(root.count + 1)))
  }

  private static var current: String? {
    guard let buffer = getcwd(nil, 0) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }
}

/// Writes reports and corrected topologies.
enum TextFile {
  static func write(_ text: String, to path: String) throws { try put(text, path, O_WRONLY | O_CREAT | O_TRUNC) }
  static func append(_ text: String, to path: String) throws { try put(text, path, O_WRONLY | O_CREAT | O_APPEND) }

  private static func put(_ text: String, _ path: String, _ flags: Int32) throws {
    let descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw fail(path) }
    defer { close(descriptor) }
    var text = text
    let isWhole = text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno != EINTR { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[max(count, 0)...])
      }
      return true
    }
    if !isWhole { throw fail(path) }
  }

  private static func fail(_ path: String) -> any Error {
    Console.error("cannot write \(path): \(String(cString: strerror(errno)))")
    return ExitStatus.cannotWrite
  }
}
