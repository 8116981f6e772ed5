/// Precision, recall and their harmonic mean.
package struct PrecisionRecall: Sendable, Hashable {
  /// `nil` where nothing was claimed.
  package var precision: Double?
  /// `nil` where nothing was to be found.
  package var recall: Double?

  package init(precision: Double?, recall: Double?) {
    self.precision = precision
    self.recall = recall
  }

  /// 0 where nothing claimed is right; `nil` where either is.
  package var f1: Double? {
    guard let precision, let recall else { return nil }
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }
}

/// How groups agree with the true ones.
package struct GroupAgreement: Sendable, Hashable {
  /// Over pairs of items in one group.
  package var pairwise: PrecisionRecall
  /// Over items: the share of an item's group that is truly with it, and of its true group that is found, on average. (A.
  /// Bagga and B. Baldwin, 'Entity-based cross-document coreferencing using the vector space model', 1998.)
  package var bCubed: PrecisionRecall

  /// Groups with items of several true ones.
  package var overMerged = 0
  /// True groups whose items are in several groups.
  package var split = 0

  /// - Parameters:
  ///   - groups: the group of each item; one that is in no group has a group of its own.
  ///   - truth: the true group of each item, in the same order.
  package init(groups: [Int], truth: [Int]) {
    self = GroupOverlap(groups: groups, truth: truth).agreement()
  }

  fileprivate init(
    pairwise: PrecisionRecall, bCubed: PrecisionRecall, overMerged: Int, split: Int
  ) {
    (self.pairwise, self.bCubed) = (pairwise, bCubed)
    (self.overMerged, self.split) = (overMerged, split)
  }

  /// The group of each of some items, for items in no group one of their own.
  package static func labels(of groups: [[Int]], count: Int) -> [Int] {
    var labels = Array(0..<count)
    for (number, group) in groups.enumerated() {
      for item in group where labels.indices.contains(item) { labels[item] = count + number }
    }
    return labels
  }
}

/// How many items groups and true groups share: what agreement is counted from, also when true groups are drawn again.
package struct GroupOverlap: Sendable {
  private struct Cell: Sendable {
    var truth: Int
    var count: Int
  }

  /// Of each group, its items by true groups.
  private let groups: [[Cell]]
  /// Items of each true group.
  private let sizes: [Int]
  private let split: Int

  /// - Parameters: as of ``GroupAgreement/init(groups:truth:)``. True groups are numbered as they come.
  package init(groups: [Int], truth: [Int]) {
    precondition(groups.count == truth.count, "a true group for each item")
    var numbers: [Int: Int] = [:]
    var sizes: [Int] = []
    var found: [Int: [Int: Int]] = [:]
    for (group, kind) in zip(groups, truth) {
      let number = numbers[kind] ?? sizes.count
      if number == sizes.count {
        numbers[kind] = number
        sizes.append(0)
      }
      sizes[number] += 1
      found[group, default: [:]][number, default: 0] += 1
    }
    // In a fixed order: sums depend on it.
    self.groups = found.values.map { cells in
      cells.sorted { $0.key < $1.key }.map { Cell(truth: $0.key, count: $0.value) }
    }.sorted { one, other in
      one.flatMap { [$0.truth, $0.count] }.lexicographicallyPrecedes(
        other.flatMap { [$0.truth, $0.count] })
    }
    self.sizes = sizes
    var parts = Array(repeating: 0, count: sizes.count)
    for cells in found.values { for truth in cells.keys { parts[truth] += 1 } }
    split = parts.count { $0 > 1 }
  }

  package var trueGroupCount: Int { sizes.count }

  /// - Parameter counts: how often each true group counts, by the order in which they first came; once each where it is `nil`.
  package func agreement(_ counts: [Int]? = nil) -> GroupAgreement {
    func weight(_ truth: Int) -> Int { counts?[truth] ?? 1 }
    func pairs(_ count: Int) -> Int { count * (count - 1) / 2 }
    var (right, claimed) = (0, 0)
    var (precision, recall, items) = (0.0, 0.0, 0)
    for cells in groups {
      let all = cells.reduce(0) { $0 + weight($1.truth) * $1.count }
      var between = all * all
      for cell in cells {
        let (weight, count) = (weight(cell.truth), cell.count)
        right += weight * pairs(count)
        between -= weight * count * weight * count
        // Another draw of a true group is another one: its items do not meet.
        let others = all - weight * count
        let share = Double(count) / Double(count + others)
        precision += Double(weight * count) * share
        recall += Double(weight * count) * Double(count) / Double(sizes[cell.truth])
        items += weight * count
      }
      claimed += between / 2
    }
    let wanted = sizes.indices.reduce(0) { $0 + weight($1) * pairs(sizes[$1]) }
    func share(_ part: Int, _ whole: Int) -> Double? {
      whole > 0 ? Double(part) / Double(whole) : nil
    }
    return GroupAgreement(
      pairwise: PrecisionRecall(
        precision: share(right, claimed + right), recall: share(right, wanted)),
      bCubed: PrecisionRecall(
        precision: items > 0 ? precision / Double(items) : nil,
        recall: items > 0 ? recall / Double(items) : nil),
      overMerged: groups.count { $0.count > 1 }, split: split)
  }
}
