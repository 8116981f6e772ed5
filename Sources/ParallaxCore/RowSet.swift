/// A set of row numbers as a bitmap: the rows a filter lets through.
package struct RowSet: Sendable, Hashable {
  package let capacity: Int
  /// 64 rows a word, lowest bit first; bits at and above `capacity` are zero.
  package private(set) var words: [UInt64]

  /// An empty set of rows `0..<capacity`.
  package init(capacity: Int) {
    self.capacity = capacity
    words = Array(repeating: 0, count: (capacity + 63) / 64)
  }

  /// - Parameter words: as ``words``; bits at and above `capacity` are ignored.
  package init(capacity: Int, words: [UInt64]) {
    precondition(words.count == (capacity + 63) / 64, "words of another capacity")
    self.capacity = capacity
    self.words = words
    if capacity % 64 != 0, let last = words.indices.last {
      self.words[last] &= 1 << UInt64(capacity & 63) - 1
    }
  }

  package init(capacity: Int, rows: some Sequence<Int>) {
    self.init(capacity: capacity)
    for row in rows { insert(row) }
  }

  package mutating func insert(_ row: Int) {
    precondition(row >= 0 && row < capacity, "row out of range")
    words[row >> 6] |= 1 << UInt64(row & 63)
  }

  package mutating func remove(_ row: Int) {
    precondition(row >= 0 && row < capacity, "row out of range")
    words[row >> 6] &= ~(1 << UInt64(row & 63))
  }

  package func contains(_ row: Int) -> Bool {
    row >= 0 && row < capacity && words[row >> 6] & (1 << UInt64(row & 63)) != 0
  }

  /// The number of rows in the set. O(capacity / 64).
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
