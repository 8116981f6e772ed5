/// How many of their first items two lists have in common, in any order.
package struct ListOverlap: Sendable, Hashable {
  package let common: Int
  /// The common items over the depth, or over the longer list where both are shorter.
  package let overlap: Double
  /// The common items over all items of either list.
  package let jaccard: Double

  /// - Parameters:
  ///   - left: best first, no item twice.
  ///   - right: as `left`.
  ///   - depth: from 1.
  /// - Returns: `nil` when both lists are empty.
  package init?<Item: Hashable>(_ left: [Item], _ right: [Item], depth: Int) {
    let (left, right) = (Set(left.prefix(depth)), Set(right.prefix(depth)))
    guard !left.isEmpty || !right.isEmpty else { return nil }
    common = left.intersection(right).count
    overlap = Double(common) / Double(max(left.count, right.count))
    jaccard = Double(common) / Double(left.count + right.count - common)
  }
}
