/// Kendall's rank correlation.
package enum KendallTau {
  /// τ_b of two lists of values: pairs in the same order less pairs in opposite order, over the
  /// geometric mean of the pairs that are not tied in each list. From -1 to 1.
  ///
  /// By W. R. Knight's method ("A computer method for calculating Kendall's tau with ungrouped data",
  /// Journal of the American Statistical Association 61, 1966), in n log n steps.
  ///
  /// - Parameters:
  ///   - left: finite numbers, one an item.
  ///   - right: as many, in the same order.
  /// - Returns: `nil` below two items, and when all values of a list are equal.
  package static func b(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "values of different items")
    let order = left.indices.sorted { (left[$0], right[$0]) < (left[$1], right[$1]) }
    let pairs = pairCount(left.count)
    let tiedLeft = tiedPairs(order) { left[$0] == left[$1] }
    let tiedBoth = tiedPairs(order) { left[$0] == left[$1] && right[$0] == right[$1] }
    var values = order.map { right[$0] }
    let swaps = sortCountingSwaps(&values)
    let tiedRight = tiedPairs(Array(values.indices)) { values[$0] == values[$1] }
    let (variedLeft, variedRight) = (pairs - tiedLeft, pairs - tiedRight)
    guard variedLeft > 0, variedRight > 0 else { return nil }
    let surplus = pairs - tiedLeft - tiedRight + tiedBoth - 2 * swaps
    return Double(surplus) / (Double(variedLeft) * Double(variedRight)).squareRoot()
  }

  private static func pairCount(_ count: Int) -> Int { count * (count - 1) / 2 }

  /// Pairs within runs of equal neighbours.
  private static func tiedPairs(_ order: [Int], _ areEqual: (Int, Int) -> Bool) -> Int {
    var (pairs, length) = (0, 1)
    for (previous, next) in zip(order, order.dropFirst()) {
      if areEqual(previous, next) {
        pairs += length
        length += 1
      } else {
        length = 1
      }
    }
    return pairs
  }

  /// Sorts by merging, and counts the pairs that stood in falling order.
  private static func sortCountingSwaps(_ values: inout [Double]) -> Int {
    var swaps = 0
    var merged = values
    var width = 1
    while width < values.count {
      for start in stride(from: 0, to: values.count, by: 2 * width) {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var (left, right) = (start, middle)
        for place in start..<end {
          if right == end || left < middle && values[left] <= values[right] {
            merged[place] = values[left]
            left += 1
          } else {
            merged[place] = values[right]
            right += 1
            swaps += middle - left
          }
        }
      }
      swap(&values, &merged)
      width *= 2
    }
    return swaps
  }
}
