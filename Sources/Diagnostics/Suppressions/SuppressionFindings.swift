/// The findings about suppression comments (M109).
enum SuppressionFindings {
  private static let form = "the form is: # maasc: ignore M301 -- reason"

  static func defect(_ defect: SuppressionComment.Defect, _ comment: SuppressionComment) -> Diagnostic {
    let message =
      switch defect {
      case .unknownWord: "a comment to maasc that does not begin with ignore"
      case .noRule: "a suppression that names no rule"
      case .noReason: "a suppression without a reason suppresses nothing"
      }
    return finding(message, at: comment.span, help: form)
  }

  static func unknown(_ item: SuppressionComment.Item, _ rules: [RuleID]) -> Diagnostic {
    let help = nearest(to: item.text, in: rules.map(\.description)).map { "a rule with a similar id exists: \($0)" }
    return finding("\(item.text) is the id of no rule", at: item.span, help: help ?? "maasc rules lists the ids")
  }

  static func unsuppressible(_ item: SuppressionComment.Item) -> Diagnostic {
    finding(
      "\(item.text) cannot be suppressed here: what it found would not work", at: item.span,
      help: "mend what \(item.text) found, and remove the comment")
  }

  static func useless(_ item: SuppressionComment.Item, of comment: SuppressionComment, _ sources: SourceMap) -> Diagnostic {
    let removal = comment.items.count == 1 ? wholeComment(comment, sources) : self.item(item, of: comment)
    return finding("\(item.text) finds nothing here to suppress", at: item.span, help: "remove it", fix: [TextEdit(removal, "")])
  }

  private static func finding(_ message: String, at span: Span, help: String, fix: [TextEdit] = []) -> Diagnostic {
    Diagnostic(badSuppression, .warning, nature: .unwise, message, at: span, help: help, fix: fix)
  }

  /// With the blanks before it; a comment that stands alone goes with its line.
  private static func wholeComment(_ comment: SuppressionComment, _ sources: SourceMap) -> Span {
    guard let place = sources.resolve(comment.span) else { return comment.span }
    let file = sources.files[place.file]
    var lower = Int(comment.span.lower - file.base)
    var upper = Int(comment.span.upper - file.base)
    while lower > 0, isBlank(file.bytes[lower - 1]) { lower -= 1 }
    if lower == 0 || isLineEnd(file.bytes[lower - 1]) {
      if upper < file.bytes.count { upper += file.bytes[upper...].starts(with: [0x0D, 0x0A]) ? 2 : 1 }
    }
    return Span(file.base + UInt32(lower), file.base + UInt32(upper))
  }

  /// The id with the separator to its neighbour.
  private static func item(_ item: SuppressionComment.Item, of comment: SuppressionComment) -> Span {
    let index = comment.items.firstIndex(of: item) ?? 0
    if index + 1 < comment.items.count { return Span(item.span.lower, comment.items[index + 1].span.lower) }
    return Span(comment.items[index - 1].span.upper, item.span.upper)
  }
}
