extension RandomAccessCollection {
  /// The first position whose element satisfies `isSecond`, found in O(log n) looks.
  ///
  /// - Parameter isSecond: false of all elements before some position, true of the others.
  package func partitionPoint(where isSecond: (Element) -> Bool) -> Index {
    var (start, count) = (startIndex, self.count)
    while count > 0 {
      let middle = index(start, offsetBy: count / 2)
      if isSecond(self[middle]) {
        count /= 2
      } else {
        start = index(after: middle)
        count -= count / 2 + 1
      }
    }
    return start
  }
}
