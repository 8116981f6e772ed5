/// Cosines less how near everything is, on either side.
package enum CrossDomainScaling {
  /// Cross-domain similarity local scaling (Conneau, Lample, Ranzato, Denoyer and Jégou, 2018, "Word
  /// translation without parallel data", section 2.3): 2 cos(q, x) - r(q) - r(x). r(x) is the mean cosine of a
  /// candidate with its k nearest questions of the bank. r(q) is that of the question with its k nearest rows,
  /// taken from the list; it is the same for all candidates and changes no order.
  ///
  /// - Parameters:
  ///   - nearness: of each candidate to the bank, with k nearest questions or more, or all there are; k + 1
  ///     where `own` is in the bank.
  ///   - own: the place of the list's question in the bank, which does not count.
  ///   - ownRows: rows that are the question itself, which are no rows that it is near to.
  ///   - count: k, at least 1; 10 in the paper. The mean is over those there are, and 0 over none.
  /// - Returns: from -4 to 4.
  package static func scores(
    of list: RankedVectors, nearness: [QuestionBank.Nearness], without own: Int? = nil,
    ownRows: Set<Int> = [], count: Int = 10
  ) -> [Double] {
    precondition(nearness.count == list.count, "one nearness a candidate")
    let cosines = zip(list.rows, list.cosines).filter { !ownRows.contains($0.0) }.map(\.1)
    let questions = mean(cosines.sorted(by: >).prefix(count))
    return zip(list.cosines, nearness).map { cosine, near in
      let others = near.nearest.lazy.filter { $0.place != own }.prefix(count).map(\.cosine)
      return 2 * cosine - questions - mean(others)
    }
  }

  /// From the largest to the smallest.
  private static func mean(_ cosines: some Sequence<Double>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for cosine in cosines {
      sum += cosine
      count += 1
    }
    return count > 0 ? sum / count : 0
  }
}
