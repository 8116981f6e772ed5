package import ParallaxCore

/// The best hits so far: higher scores first, lower rows first among equals.
///
/// A heap with the worst kept hit on top. Adding n hits costs O(n log k) at worst,
/// O(n) when most are worse than what is kept.
package struct TopHits: Sendable {
  private let capacity: Int
  private var heap: [SearchHit] = []

  package init(capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(min(capacity, 1_024))
  }

  /// The score a hit must beat, or equal with a lower row, to be kept; `nil` while there is room.
  package var threshold: Float? { heap.count < capacity ? nil : heap.first?.score }

  package mutating func add(_ hit: SearchHit) {
    guard capacity > 0 else { return }
    if heap.count < capacity {
      heap.append(hit)
      siftUp(heap.count - 1)
    } else if Self.isBetter(hit, than: heap[0]) {
      heap[0] = hit
      siftDown(0)
    }
  }

  package mutating func merge(_ other: TopHits) {
    for hit in other.heap { add(hit) }
  }

  /// Best first.
  package func sorted() -> [SearchHit] { heap.sorted { Self.isBetter($0, than: $1) } }

  private static func isBetter(_ left: SearchHit, than right: SearchHit) -> Bool {
    left.score != right.score ? left.score > right.score : left.row < right.row
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.isBetter(heap[parent], than: heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if Self.isBetter(heap[worst], than: heap[child]) { worst = child }
      }
      guard worst != parent else { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}
