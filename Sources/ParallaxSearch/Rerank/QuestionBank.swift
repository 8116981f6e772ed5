package import ParallaxCore
private import ParallaxStatistics

/// Questions that show which rows answer too many: hubs.
package struct QuestionBank: Sendable {
  private let questions: VectorLanes

  /// - Parameter questions: at least one, each with a direction.
  /// - Throws: `invalid-value` for none, and for one that has no cosine with rows of `dimension`.
  package init(_ questions: [[Float]], dimension: Int) throws {
    guard !questions.isEmpty else {
      throw ParallaxError(.invalidValue, "a bank holds at least one question")
    }
    for question in questions { try RankedVectors.check(question, dimension: dimension) }
    self.questions = VectorLanes(questions)
  }

  package var count: Int { questions.count }

  /// A question's place in the bank, and its cosine with a row.
  package struct Neighbour: Sendable, Hashable {
    package var place: Int
    package var cosine: Double
  }

  /// How near a row is to the questions of a bank.
  package struct Nearness: Sendable, Hashable {
    /// ln Σ e^(β × cosine), from the bank's first question to its last.
    package var logSum: Double
    /// The nearest questions, best first, equal ones in the order of the bank.
    package var nearest: [Neighbour]
  }

  /// How near each of some rows is to the bank. What a row gets does not depend on the other rows or on
  /// the number of threads.
  ///
  /// - Parameters:
  ///   - beta: the inverse temperature of ``InvertedSoftmax``, above 0.
  ///   - neighbours: nearest questions that are kept of each row.
  ///   - own: by row, the places of the questions that are the row itself: they say nothing of whether it
  ///     is a hub, and do not count. The sum over none is 1, as of one question at a right angle.
  ///   - threads: at most this many; `nil` for one a processor.
  package func nearness(
    of rows: [Int], in matrix: VectorMatrix, beta: Double, neighbours: Int,
    without own: [Int: Set<Int>] = [:], threads: Int? = nil
  ) -> [Nearness] {
    ParallelRows(
      rowCount: rows.count, dimension: questions.dimension * count, block: 4, threads: threads
    ).collect { place in
      let cosines = questions.cosines(with: matrix.row(rows[place]).map { Double($0) })
      var counted = cosines.enumerated().map { Neighbour(place: $0, cosine: $1) }
      if let own = own[rows[place]] { counted.removeAll { own.contains($0.place) } }
      return Nearness(
        logSum: Self.logSum(counted, beta), nearest: Self.nearest(counted, neighbours))
    }
  }

  /// The largest power is taken out of the sum, so that none overflows.
  private static func logSum(_ counted: [Neighbour], _ beta: Double) -> Double {
    guard let most = counted.map(\.cosine).max() else { return 0 }
    let sum = counted.reduce(0) { $0 + PortableMath.exp(beta * ($1.cosine - most)) }
    return beta * most + PortableMath.log(sum)
  }

  private static func nearest(_ counted: [Neighbour], _ count: Int) -> [Neighbour] {
    var kept: [Neighbour] = []
    for one in counted {
      if kept.count == count, let last = kept.last, one.cosine <= last.cosine { continue }
      let position = kept.firstIndex { $0.cosine < one.cosine } ?? kept.count
      kept.insert(one, at: position)
      if kept.count > count { kept.removeLast() }
    }
    return kept
  }
}
