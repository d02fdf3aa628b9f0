/// The rule of findings about suppressions themselves, M109.
let badSuppression = RuleID(109)

/// Marks the findings that a comment covers, and adds one for each comment that is wrong or suppresses nothing.
///
/// The primary place decides which comment covers a finding. `rules` are the ids that exist. With `isComplete` false (a reading
/// error kept rules from looking), a comment that suppresses nothing is not held against its author.
package func applySuppressions(
  _ comments: [SuppressionComment], to diagnostics: [Diagnostic], in sources: SourceMap, rules: [RuleID], isComplete: Bool
) -> [Diagnostic] {
  guard !comments.isEmpty else { return diagnostics }
  var application = Application(comments, sources, rules)
  let marked = diagnostics.map { application.marked($0) }
  return marked + application.findings(isComplete: isComplete)
}

private struct Application {
  let comments: [SuppressionComment]
  let sources: SourceMap
  let rules: [RuleID]
  /// Comments by the start of what they cover; `reach` is the furthest end of any comment up to each.
  private let order: [Int]
  private let reach: [UInt32]
  private var uses: [Use: Nature] = [:]

  private struct Use: Hashable {
    var comment: Int
    var rule: RuleID
  }

  init(_ comments: [SuppressionComment], _ sources: SourceMap, _ rules: [RuleID]) {
    self.comments = comments
    self.sources = sources
    self.rules = rules
    let order = comments.indices.sorted { (comments[$0].covered.lower, $0) < (comments[$1].covered.lower, $1) }
    self.order = order
    var furthest: UInt32 = 0
    reach = order.map { index in
      furthest = max(furthest, comments[index].covered.upper)
      return furthest
    }
  }

  mutating func marked(_ diagnostic: Diagnostic) -> Diagnostic {
    guard let offset = sources.resolve(diagnostic.primary.span)?.span.lower, diagnostic.rule != badSuppression else { return diagnostic }
    var marked = diagnostic
    for comment in covering(offset) where comments[comment].items.contains(where: { $0.rule == diagnostic.rule }) {
      let use = Use(comment: comment, rule: diagnostic.rule)
      uses[use] = diagnostic.nature == .unwise ? (uses[use] ?? .unwise) : .wrong
      if diagnostic.nature == .unwise, comments[comment].defect == nil { marked.suppression = marked.suppression ?? comments[comment].reason }
    }
    return marked
  }

  /// The comments whose line or block holds this offset, the nearest first.
  private func covering(_ offset: UInt32) -> [Int] {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if comments[order[middle]].covered.lower <= offset { low = middle + 1 } else { high = middle }
    }
    var found: [Int] = []
    while low > 0, reach[low - 1] >= offset {
      low -= 1
      if comments[order[low]].covered.upper >= offset { found.append(order[low]) }
    }
    return found
  }

  func findings(isComplete: Bool) -> [Diagnostic] {
    comments.enumerated().flatMap { index, comment in
      if let defect = comment.defect { return [SuppressionFindings.defect(defect, comment)] }
      return comment.items.compactMap { finding($0, of: comment, index, isComplete) }
    }
  }

  private func finding(_ item: SuppressionComment.Item, of comment: SuppressionComment, _ index: Int, _ isComplete: Bool) -> Diagnostic? {
    guard let rule = item.rule, rules.contains(rule) else { return SuppressionFindings.unknown(item, rules) }
    switch uses[Use(comment: index, rule: rule)] {
    case .unwise: return nil
    case .wrong: return SuppressionFindings.unsuppressible(item)
    case nil: return isComplete ? SuppressionFindings.useless(item, of: comment, sources) : nil
    }
  }
}
