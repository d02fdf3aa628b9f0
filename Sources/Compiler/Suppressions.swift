import Diagnostics
import YAMLSyntax

/// The comments of a file that suppress findings. What looks like one inside a scalar is text.
func suppressions(in tree: Tree) -> [SuppressionComment] {
  var scalars: [Span]?
  return SuppressionComment.all(in: tree.file) { offset in
    let spans = scalars ?? tree.scalarSpans
    scalars = spans
    return contains(spans, offset)
  }
}

/// Binary search in spans that are sorted and apart.
private func contains(_ spans: [Span], _ offset: UInt32) -> Bool {
  var low = 0
  var high = spans.count
  while low < high {
    let middle = (low + high) / 2
    if spans[middle].upper <= offset { low = middle + 1 } else { high = middle }
  }
  return low < spans.count && spans[low].lower <= offset
}
