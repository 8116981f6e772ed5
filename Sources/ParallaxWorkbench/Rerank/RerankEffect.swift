/// How much a reranking changes, whatever is relevant.
package struct RerankEffect: Sendable, Hashable {
  /// The share of all pairs of scored candidates of a list that changed their order, as a mean over the
  /// lists; `nil` where no list has two.
  package var flips: Double?
  /// Lists with another first hit.
  package var firstChanged = 0

  /// Of the last reranking of a run; `nil` for one that was not reranked.
  ///
  /// - Throws: `CancellationError`.
  package init?(of run: SystemRun) throws {
    guard !run.rerankings.isEmpty else { return nil }
    var (sum, lists) = (0.0, 0)
    for list in run.lists {
      try Task.checkCancellation()
      if let first = list.hits.first?.stage, first.firstRank != 1 { firstChanged += 1 }
      let ranks = list.hits.compactMap { hit in
        hit.stage.flatMap { $0.secondScore == nil ? nil : $0.firstRank }
      }
      guard ranks.count > 1 else { continue }
      let pairs = ranks.count * (ranks.count - 1) / 2
      sum += Double(Self.inversions(ranks)) / Double(pairs)
      lists += 1
    }
    flips = lists == 0 ? nil : sum / Double(lists)
  }

  private static func inversions(_ ranks: [Int]) -> Int {
    ranks.indices.reduce(0) { count, place in
      count + ranks[(place + 1)...].count { $0 < ranks[place] }
    }
  }
}
