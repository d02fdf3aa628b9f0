/// The Damerau-Levenshtein distance (adjacent letters swapped count once) if it is at most `limit`, else nil.
///
/// Stops at the first row that cannot come under the limit any more, so that a long list of unlike words costs little.
func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
  guard abs(left.count - right.count) <= limit else { return nil }
  let head = zip(left, right).prefix { $0 == $1 }.count
  let tail = zip(left.dropFirst(head).reversed(), right.dropFirst(head).reversed()).prefix { $0 == $1 }.count
  return restrictedDistance(left[head..<(left.count - tail)], right[head..<(right.count - tail)], limit)
}

private func restrictedDistance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ limit: Int) -> Int? {
  let (rows, columns) = (left.startIndex, right.startIndex)
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  var current = last
  var leastOfLast = 0
  for row in left.indices {
    current[0] = row - rows + 1
    var least = current[0]
    for column in right.indices {
      let index = column - columns
      var cost = min(last[index + 1] + 1, current[index] + 1, last[index] + (left[row] == right[column] ? 0 : 1))
      if row > rows, column > columns, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, beforeLast[index - 1] + 1)
      }
      current[index + 1] = cost
      least = min(least, cost)
    }
    // A swap reaches back two rows.
    guard min(least, leastOfLast) <= limit else { return nil }
    (beforeLast, last, current) = (last, current, beforeLast)
    leastOfLast = least
  }
  return last[right.count] <= limit ? last[right.count] : nil
}
