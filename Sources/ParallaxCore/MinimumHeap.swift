/// A queue that gives back its smallest element first.
package struct MinimumHeap<Element: Comparable> {
  private var elements: [Element] = []

  package init() {}

  /// Adds an element. O(log n).
  package mutating func insert(_ element: Element) {
    var child = elements.count
    elements.append(element)
    while child > 0 {
      let parent = (child - 1) / 2
      guard elements[child] < elements[parent] else { return }
      elements.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the smallest element out. O(log n).
  package mutating func popMinimum() -> Element? {
    guard let minimum = elements.first else { return nil }
    let last = elements.removeLast()
    guard !elements.isEmpty else { return minimum }
    elements[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < elements.count else { return minimum }
      if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
      guard elements[child] < elements[parent] else { return minimum }
      elements.swapAt(child, parent)
      parent = child
    }
  }
}
