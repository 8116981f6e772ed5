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

  /// - Parameters:
  ///   - groups: the group of each item; one that is in no group has a group of its own.
  ///   - truth: the true group of each item, in the same order.
  package init(groups: [Int], truth: [Int]) {
    precondition(groups.count == truth.count, "a true group for each item")
    struct Cell: Hashable {
      var group: Int
      var truth: Int
    }
    let found = groups.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let wanted = truth.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let both = zip(groups, truth).reduce(into: [Cell: Int]()) {
      $0[Cell(group: $1.0, truth: $1.1), default: 0] += 1
    }
    func pairs(_ counts: some Sequence<Int>) -> Int { counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
    func share(_ part: Int, _ whole: Int) -> Double? {
      whole > 0 ? Double(part) / Double(whole) : nil
    }
    let right = pairs(both.values)
    pairwise = PrecisionRecall(
      precision: share(right, pairs(found.values)), recall: share(right, pairs(wanted.values)))
    var (precision, recall) = (0.0, 0.0)
    for (group, truth) in zip(groups, truth) {
      let shared = Double(both[Cell(group: group, truth: truth)] ?? 0)
      precision += shared / Double(found[group] ?? 1)
      recall += shared / Double(wanted[truth] ?? 1)
    }
    let count = Double(groups.count)
    bCubed = PrecisionRecall(
      precision: groups.isEmpty ? nil : precision / count,
      recall: groups.isEmpty ? nil : recall / count)
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
