private import ParallaxStatistics

/// Scores divided by how much a row answers to other questions.
///
/// Dynamic inverted softmax (Bogolin, Croitoru, Jin, Liu and Albanie, 2022, "Cross modal retrieval with
/// querybank normalisation", arXiv 2112.12777, section 3.3): a list is changed only when its best candidate is
/// one that questions of the bank find first, since only then it may be a hub.
package enum InvertedSoftmax {
  /// - Parameters:
  ///   - nearness: of each candidate to the bank, with the same β.
  ///   - isActivated: whether a question of the bank, other than the list's own, finds a row first. It is asked
  ///     about the candidate with the greatest cosine, the first of equal ones, that is not the question.
  ///   - ownRows: rows that are the question itself.
  ///   - beta: the inverse temperature, above 0; 20 in the paper.
  /// - Returns: e^(β × cosine) / Σ e^(β × cosine with a question of the bank), above 0; the cosines themselves
  ///   where the best candidate is not activated. The bank may hold the question itself: then the score x / s
  ///   becomes x / (x + s), which is the share of this question, and the order is the same.
  package static func scores(
    of list: RankedVectors, nearness: [QuestionBank.Nearness], beta: Double = 20,
    ownRows: Set<Int> = [], isActivated: (_ row: Int) -> Bool
  ) -> [Double] {
    precondition(nearness.count == list.count, "one nearness a candidate")
    let nearest = list.nearestFirst.lazy.map { list.rows[$0] }.first { !ownRows.contains($0) }
    guard let nearest, isActivated(nearest)
    else { return list.cosines }
    return zip(list.cosines, nearness).map { PortableMath.exp(beta * $0 - $1.logSum) }
  }
}

/// The rows that questions of a bank find first.
package struct ActivationSet: Sendable, Hashable {
  private var counts: [Int: Int] = [:]
  private let depth: Int

  /// - Parameters:
  ///   - lists: the rows that each question of the bank found, best first.
  ///   - depth: rows of each that count; 1 in the paper.
  package init(_ lists: some Sequence<[Int]>, depth: Int = 1) {
    self.depth = depth
    for list in lists {
      for row in list.prefix(depth) { counts[row, default: 0] += 1 }
    }
  }

  /// Whether a question of the bank finds `row` first.
  ///
  /// - Parameter own: the list, among those of the bank, that does not count.
  package func contains(_ row: Int, without own: [Int] = []) -> Bool {
    counts[row, default: 0] > (own.prefix(depth).contains(row) ? 1 : 0)
  }
}
