internal import ParallaxCore
package import ParallaxEvaluation
package import ParallaxStatistics
internal import ParallaxStorage

/// How well a space, or groups, tell duplicates from other pairs.
package struct PairEvaluation: Sendable {
  package struct Measure: Sendable, Hashable {
    package var name: String
    /// `nil` where it is not defined.
    package var value: Double?
    /// Of 95 %, from drawing true groups again; `nil` for counts, and below two groups.
    package var interval: Interval?
    /// The cosine from which it holds, where it has one.
    package var threshold: Double?

    package init(
      _ name: String, _ value: Double?, _ interval: Interval? = nil, threshold: Double? = nil
    ) {
      (self.name, self.value, self.interval) = (name, value, interval)
      self.threshold = threshold
    }
  }

  /// What is measured.
  package var system: String
  package var measures: [Measure]
  /// Each score of a duplicate as a threshold, the highest first; empty for groups.
  package var curve: [PairRanking.Point]
  package var isOfGroups = false
  /// Pairs that are duplicates, and those of them that have no score or are in no group.
  package var duplicates: Int
  package var missing: Int
  /// Distinct pairs; `nil` where all others are.
  package var distinct: Int?
  /// True groups, those of one picture among them.
  package var trueGroups: Int
}

/// How labels are held against scores.
package struct PairEvaluationRequest: Sendable, Hashable {
  package var seed: UInt64
  /// Pairs below this cosine are not looked at; `nil` for the lowest one of a duplicate.
  package var floor: Double?

  package init(seed: UInt64) { self.seed = seed }

  /// Times that true groups are drawn: each draw looks at all pairs.
  package static let draws = 1_000
  /// The least precision of the recall that is told.
  package static let precision = 0.9

  var bootstrap: Bootstrap {
    var bootstrap = Bootstrap(seed: seed)
    bootstrap.resamples = Self.draws
    // Leaving out each of thousands of groups in turn would take longer than all draws.
    bootstrap.isCorrected = false
    return bootstrap
  }
}

/// Labels by numbers: contents and the true groups that they are in.
struct NumberedLabels {
  /// Of each content, its true group; numbered as they come.
  let groups: [Int]
  let groupCount: Int
  let duplicates: Set<ItemPair>
  let distinct: Set<ItemPair>
  /// Duplicates that follow from others: of one group, and not labelled.
  let implied: Int

  /// - Parameters:
  ///   - numbers: of the contents that count.
  ///   - isClosed: whether what is not a duplicate is distinct; then all pairs of a true group are duplicates.
  /// - Throws: `invalid-value` for duplicates that lead from one to the other of a distinct pair.
  init(_ labels: LabelledPairs, _ numbers: [ContentHash: Int], name: (Int) -> String) throws {
    func pairs(_ labelled: Set<ContentPair>) -> Set<ItemPair> {
      Set(
        labelled.compactMap { pair in
          guard let one = numbers[pair.one], let other = numbers[pair.other] else { return nil }
          return ItemPair(one, other)
        })
    }
    let (same, apart) = (pairs(labels.duplicates), pairs(labels.distinct))
    let verdicts = PairVerdicts(duplicate: same, distinct: apart)
    if let chain = verdicts.contradictions.first, let first = chain.first, let last = chain.last {
      throw ParallaxError(
        .invalidValue,
        "the labels contradict one another: \(chain.map { "'\(name($0))'" }.joined(separator: " = ")), but "
          + "'\(name(first))' and '\(name(last))' are distinct",
        hint: "correct one of them; there is no truth to measure by before")
    }
    let labelled = GroupAgreement.labels(of: verdicts.joined, count: numbers.count)
    var known: [Int: Int] = [:]
    groups = labelled.map { label in
      if let number = known[label] { return number }
      known[label] = known.count
      return known.count - 1
    }
    groupCount = known.count
    guard labels.isClosed else {
      (duplicates, distinct, implied) = (same, apart, 0)
      return
    }
    duplicates = Set(
      verdicts.joined.flatMap { set in
        set.indices.flatMap { place in
          set[(place + 1)...].map { ItemPair(set[place], $0) }
        }
      })
    distinct = []
    implied = duplicates.count - same.count
  }
}
