/// Elements in groups that are numbered from 0: one array for all of them, since an array for each group would be an allocation for each.
package struct Grouped<Element: Sendable>: Sendable {
  private var elements: [Element] = []
  /// Where each group begins, and at last where the last one ends.
  private var bounds: [Int] = [0]

  init() {}

  /// Within a group the elements keep their order.
  init(_ items: [(group: Int, element: Element)], groups: Int) {
    bounds = Array(repeating: 0, count: groups + 1)
    for item in items { bounds[item.group + 1] += 1 }
    for group in 0..<groups { bounds[group + 1] += bounds[group] }
    var next = bounds
    var order = Array(repeating: 0, count: items.count)
    for (position, item) in items.enumerated() {
      order[next[item.group]] = position
      next[item.group] += 1
    }
    elements = order.map { items[$0].element }
  }

  package subscript(group: Int) -> ArraySlice<Element> { elements[bounds[group]..<bounds[group + 1]] }
}
