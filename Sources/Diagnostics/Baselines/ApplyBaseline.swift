extension Baseline {
  package struct Outcome: Sendable {
    /// The findings that the baseline does not know, with one for each entry of it that is stale.
    package var diagnostics: [Diagnostic]
    /// How many findings it knows.
    package var known: Int
  }

  /// Takes the known findings out. An entry about one of these `files` that nothing matches is stale, and a finding itself: else a
  /// defect that was mended could come back unseen. With `isComplete` false (a reading error kept rules from looking) none is called stale.
  package func apply(to diagnostics: [Diagnostic], in sources: SourceMap, paths: RelativePaths, isComplete: Bool) -> Outcome {
    let all = sortedUnique(diagnostics, in: sources)
    let candidates = Self.eligible(all)
    let prints = fingerprints(of: candidates, in: sources, paths: paths)
    let listed = Set(entries.map(\.fingerprint))
    let known = Set(zip(candidates, prints).filter { listed.contains($0.1) }.map(\.0))
    let stale = isComplete ? staleEntries(prints, sources, paths) : []
    return Outcome(diagnostics: all.filter { !known.contains($0) } + stale, known: known.count)
  }

  private func staleEntries(_ prints: [Fingerprint], _ sources: SourceMap, _ paths: RelativePaths) -> [Diagnostic] {
    let found = Set(prints)
    let files = Set(sources.files.map { paths.path($0.path) })
    return entries.filter { files.contains($0.fingerprint.file) && !found.contains($0.fingerprint) }.map(stale)
  }

  private func stale(_ entry: Entry) -> Diagnostic {
    let print = entry.fingerprint
    let place = print.path.isEmpty ? print.file : "\(print.path) of \(print.file)"
    return Diagnostic(
      badSuppression, .warning, nature: .unwise, "a stale entry of the baseline: \(print.rule) finds this no more at \(place)", at: entry.span,
      help: "remove the line", fix: [TextEdit(entry.line, "")])
  }
}
