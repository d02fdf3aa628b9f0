package import Diagnostics

/// Reads a file into a tree. A syntax error or a broken limit is reported and gives nil: without a tree nothing else can be said.
/// Duplicate keys are reported too, and leave the tree usable.
package func parse(_ file: SourceFile, _ findings: inout Findings) -> Tree? {
  guard file.bytes.count <= Limits.fileSize else {
    findings.report(
      Diagnostic(
        .limits, .error, "the file is larger than the limit of 64 MiB", at: Span(file.base, file.base)))
    return nil
  }
  if let bad = firstInvalidByte(of: file.bytes) {
    findings.report(encodingError(in: file, at: bad))
    return nil
  }
  var builder = TreeBuilder(file)
  do {
    try builder.run()
  } catch {
    findings.report(error.diagnostic)
    return nil
  }
  reportDuplicateKeys(in: builder.tree, &findings)
  return builder.tree
}

/// Ends the reading of a file.
struct SyntaxError: Error {
  var diagnostic: Diagnostic
}
